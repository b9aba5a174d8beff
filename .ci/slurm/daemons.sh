# Slurm of one node on loopback, as a library of check.sh: root, without systemd.
# Everything lies in $B; SLURM_CONF names its configuration.

slurm_configure() {
  mkdir -p "$B"/{run,state,spool,log,munge}
  touch "$B/log/jobcomp.txt"
  local host; host=$(hostname -s)
  cat >"$B/slurm.conf" <<CONF
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$B/munge/munge.socket
StateSaveLocation=$B/state
SlurmdSpoolDir=$B/spool
SlurmctldPidFile=$B/run/slurmctld.pid
SlurmdPidFile=$B/run/slurmd.pid
SlurmctldLogFile=$B/log/slurmctld.log
SlurmdLogFile=$B/log/slurmd.log
SlurmctldPort=$((20000 + RANDOM % 10000))
SlurmdPort=$((30000 + RANDOM % 10000))
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmctldTimeout=60
SlurmdTimeout=20
KillWait=5
MinJobAge=600
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobRequeue=1
MaxArraySize=8
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=500 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF="$B/slurm.conf"
}

slurm_start() {
  head -c 1024 /dev/urandom >"$B/munge/munge.key"
  chown -R munge:munge "$B/munge" && chmod 755 "$B" "$B/munge" && chmod 400 "$B/munge/munge.key"
  runuser -u munge -- munged --foreground --socket="$B/munge/munge.socket" --key-file="$B/munge/munge.key" \
    --log-file="$B/munge/munged.log" --pid-file="$B/munge/munged.pid" --seed-file="$B/munge/munged.seed" >"$B/log/munged" 2>&1 &
  for _ in $(seq 50); do [ -S "$B/munge/munge.socket" ] && break; sleep 0.1; done
  slurmctld -D -f "$SLURM_CONF" >"$B/log/ctld" 2>&1 &
  for _ in $(seq 50); do sinfo -h >/dev/null 2>&1 && break; sleep 0.1; done
  slurmd_start
}

slurmd_start() {
  slurmd -D -f "$SLURM_CONF" -N "$(hostname -s)" >>"$B/log/d" 2>&1 &
  disown # the shell is not to report that it was killed
}

# The node takes jobs; 30 s at most.
slurm_up() {
  for _ in $(seq 150); do
    case $(sinfo -h -o %t 2>/dev/null) in idle|mix|alloc) return 0 ;; esac
    sleep 0.2
  done
  return 1
}

# Processes of this Slurm, or what its tasks left, by the environment that they were begun with.
slurm_processes() { # name; "" for any
  local p
  for p in /proc/[0-9]*; do
    { [ -z "$1" ] || [ "$(cat "$p/comm" 2>/dev/null)" = "$1" ]; } &&
      tr '\0' '\n' 2>/dev/null <"$p/environ" | grep -qxF "SLURM_CONF=$B/slurm.conf" && echo "${p#/proc/}"
  done
  return 0
}

# As a node that is lost: the daemon and what watches over the tasks die at once.
slurmd_lost() {
  kill -KILL "$(cat "$B/run/slurmd.pid")"
  local p; for p in $(slurm_processes slurmstepd); do kill -KILL "$p" 2>/dev/null || true; done
}

slurm_stop() {
  set +e
  local p
  for p in slurmd slurmctld; do [ -s "$B/run/$p.pid" ] && kill "$(cat "$B/run/$p.pid")" 2>/dev/null; done
  for p in $(slurm_processes ergon) $(slurm_processes slurmstepd); do kill -KILL "$p" 2>/dev/null; done
  [ -s "$B/munge/munged.pid" ] && kill "$(cat "$B/munge/munged.pid")" 2>/dev/null
  wait
  for _ in $(seq 50); do [ -z "$(slurm_processes '')" ] && break; sleep 0.1; done
}
