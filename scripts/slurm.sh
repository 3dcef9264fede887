#!/usr/bin/env bash
# A SLURM of one node on this machine, from Debian's packages, to test the workflow on: slurm.sh up | down
#
# All of it is in one directory but for the link by which commands find it, which is not made if the machine belongs to
# another SLURM. (The variable SLURM_CONF would not do: Snakemake's executor takes it from the srun inside a job.) It is
# run by root. Jobs that exceed the memory they asked for are killed; there is no accounting database.
set -euo pipefail

state=/run/deepcrit-slurm
configuration=$state/slurm.conf
link=/etc/slurm/slurm.conf
daemons=(slurmd slurmctld munged) # in the order in which they are stopped

refuse() { # what this machine lacks, with exit status 2
    echo "slurm.sh: $*" >&2
    exit 2
}

fail() {
    echo "slurm.sh: $*" >&2
    exit 1
}

running() { # a daemon of ours, neither dead nor another process that was given its number
    [ "$(cat "/proc/$(cat "$state/$1.pid" 2>/dev/null)/comm" 2>/dev/null)" = "$1" ]
}

await() { # await WHAT COMMAND...: try a command for twenty seconds
    local what=$1
    shift
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.2
    done
    fail "$what; see the logs in $state"
}

node_answers() { # a state marked by an asterisk is that of a node which does not
    sinfo --noheader --format=%T | grep -qxE 'idle|mixed|allocated'
}

installed() {
    for program in slurmctld slurmd sbatch munged; do
        command -v "$program" >/dev/null || return 1
    done
}

install_packages() {
    # the daemons are started below, not by their packages
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge
}

up() {
    [ "$(id -u)" = 0 ] || refuse "daemons of SLURM are started by root"
    if [ -e "$link" ] && ! [ "$link" -ef "$configuration" ]; then
        refuse "this machine belongs to another SLURM: $link"
    fi
    if ! installed; then
        command -v apt-get >/dev/null || refuse "SLURM is not installed, and there is no apt-get to install it with"
        install_packages >&2 || refuse "SLURM cannot be installed by apt-get"
    fi
    mkdir -p "$state"/{controller,node} "$(dirname "$link")"
    chmod 755 "$state"
    [ -s "$state/munge.key" ] || (umask 077 && head -c 1024 /dev/urandom >"$state/munge.key")
    local host megabytes cpus=$((2 * $(nproc)))
    host=$(hostname -s)
    megabytes=$(awk '/^MemTotal/ {print int(0.9 * $2 / 1024)}' /proc/meminfo)
    # the node offers more CPUs than it has: five to the widest jobs, and while one job starts another computes
    cat >"$configuration" <<CONF
ClusterName=deepcrit
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$state/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MpiDefault=none
ReturnToService=2
MinJobAge=3600
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=100000,batch_sched_delay=1
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
DefMemPerCPU=100
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
KillWait=1
StateSaveLocation=$state/controller
SlurmdSpoolDir=$state/node
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=$((cpus > 8 ? cpus : 8)) RealMemory=$megabytes
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE
CONF
    ln -sfn "$configuration" "$link"
    running munged || munged --force --socket="$state/munge.socket" --key-file="$state/munge.key" \
        --pid-file="$state/munged.pid" --log-file="$state/munged.log" --seed-file="$state/munge.seed"
    running slurmctld || slurmctld
    await "slurmctld does not answer" scontrol ping
    running slurmd || slurmd
    await "the node does not answer" node_answers
}

down() {
    if running slurmctld; then
        scancel --quiet --partition=main || true
    fi
    for daemon in "${daemons[@]}"; do
        if running "$daemon"; then
            kill "$(cat "$state/$daemon.pid")"
            for _ in $(seq 50); do
                running "$daemon" || break
                sleep 0.1
            done
            ! running "$daemon" || fail "$daemon does not end"
        fi
    done
    if [ "$(readlink "$link")" = "$configuration" ]; then
        rm "$link"
    fi
    rm -rf "$state"
}

case ${1:-} in
up) up ;;
down) down ;;
*) fail "slurm.sh up | down" ;;
esac
