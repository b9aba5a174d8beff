"""Writes batch_norm_torch.json: what PyTorch makes of a small normalised convolutional network.

python3 batch_norm_torch.py > batch_norm_torch.json

Two convolutions of 3×3, padding 1, strides 1 and 2, BatchNorm2d without affine part and ReLU after each, the mean over
positions, a linear layer. Three batches are run in training mode, which moves the running averages; the gradients are
those of the third. Then the third is run in evaluation mode. Weights are in the order [inputs, channels], the inputs of
the first kernel plane by plane, those of the second pixel by pixel. Computed in float64, with torch 2.15.0.
"""
import json
import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
convs = [nn.Conv2d(2, 3, 3, padding=1, bias=False), nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)]
norms = [nn.BatchNorm2d(3, affine=False), nn.BatchNorm2d(4, affine=False)]
last = nn.Linear(4, 3, bias=False)


def forward(x):
    for conv, norm in zip(convs, norms):
        x = F.relu(norm(conv(x)))
    return last(x.mean((2, 3)))


batches = [(torch.randn(5, 2, 6, 5) * (1 + n) + n, torch.randint(0, 3, (5,))) for n in range(3)]
for x, y in batches:
    for p in [c.weight for c in convs] + [last.weight]:
        p.grad = None
    loss = F.cross_entropy(forward(x), y)
    loss.backward()
flat = lambda t: [float(v) for v in t.detach().reshape(-1)]
first = lambda t: flat(t.permute(1, 2, 3, 0))   # [plane, y, x, channel]
second = lambda t: flat(t.permute(2, 3, 1, 0))  # [y, x, depth, channel]
out = dict(
    inputs=[flat(x) for x, _ in batches], classes=[y.tolist() for _, y in batches], loss=float(loss.detach()),
    weights=[first(convs[0].weight), second(convs[1].weight), flat(last.weight.T)],
    gradients=[first(convs[0].weight.grad), second(convs[1].weight.grad), flat(last.weight.grad.T)],
    averages=[flat(n.running_mean) + flat(n.running_var) for n in norms],
)
for n in norms:
    n.eval()
out["answer"] = flat(forward(batches[2][0]))
print(json.dumps(out))
