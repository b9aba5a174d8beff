#!/bin/sh
#SBATCH "--job-name=ergon-two words"
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@90
#SBATCH "--output=/work/my run #1 'a' \"b\" $HOME %%x/launch/logs/%A_%a.log"
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --partition=cpu
#SBATCH "--account=me; rm -rf /"
#SBATCH --qos=long
#SBATCH --time=1-12
#SBATCH --mem=2G
#SBATCH --gres=gpu:1
#SBATCH "--comment=a \"b\" \\c #d"
#SBATCH "--constraint=avx2&ib"
#SBATCH --exclusive

# submitted as: sbatch --array=0-N SCRIPT --packs LIST
exec '/opt/my ergon/bin/ergon' sweep work '/work/my run #1 '\''a'\'' "b" $HOME %x' --index "$SLURM_ARRAY_TASK_ID" --jobs 4 --requeues 3 "$@"
