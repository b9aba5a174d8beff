#!/bin/sh
#SBATCH --job-name=ergon-rules
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
#SBATCH --output=/home/me/runs/bench-rules/launch/logs/%A_%a.log
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1

# submitted as: sbatch --array=0-N SCRIPT --packs LIST
exec '/opt/my ergon/bin/ergon' sweep work /home/me/runs/bench-rules --index "$SLURM_ARRAY_TASK_ID" --jobs 1 --requeues 20 "$@"
