"""One training step of the preset scale-invariant in PyTorch, timed. Usage: peer.py THREADS LAYOUT(nchw|nhwc) [SECONDS]"""
import json, os, statistics, sys, time
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import torch, torch.nn as nn, torch.nn.functional as F
threads, layout = int(sys.argv[1]), sys.argv[2]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 2
torch.set_num_threads(threads); torch.manual_seed(0)
mf = torch.channels_last if layout == "nhwc" else torch.contiguous_format
ch = [1, 8, 16, 32, 64]
convs = [nn.Conv2d(ch[i], ch[i+1], 3, stride=1 if i == 0 else 2, padding=1, bias=False) for i in range(4)]
blocks = [m for i, c in enumerate(convs) for m in (c, nn.BatchNorm2d(ch[i+1], affine=False), nn.ReLU(inplace=True))]
net = nn.Sequential(*blocks).to(memory_format=mf).train()
last = nn.Linear(64, 10, bias=False); last.weight.requires_grad_(False); last.weight.mul_(10 / last.weight.norm())
params = [c.weight for c in convs]
def project():
    n = torch.sqrt(sum(p.pow(2).sum() for p in params))
    for p in params: p.div_(n)
with torch.no_grad(): project()
data = [((torch.rand(128, 1, 28, 28) < .19) * torch.rand(128, 1, 28, 28), torch.randint(0, 10, (128,))) for _ in range(8)]
data = [(x.to(memory_format=mf), y) for x, y in data]
def step(x, y):
    for p in params: p.grad = None
    loss = F.cross_entropy(last(net(x).mean((2, 3))), y)
    loss.backward()
    with torch.no_grad():
        for p in params: p.add_(p.grad, alpha=-0.01)
        project()
for i in range(5): step(*data[i % 8])
times, end, n = [], time.perf_counter() + seconds, 0
while time.perf_counter() < end or len(times) < 5:
    t = time.perf_counter(); step(*data[n % 8]); n += 1; times.append((time.perf_counter() - t) * 1e3)
print(json.dumps(dict(median_ms=statistics.median(times), min_ms=min(times), cpu_ms=time.process_time()*1e3/(n+5), n=n)))
