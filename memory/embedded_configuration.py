"""The settings of the embedded server: one small machine, one product, nothing on the network."""

from __future__ import annotations

from pathlib import Path

FILE_NAME = "dangol.conf"
PORT = 5432  # only names the socket: nothing listens on the network
SOCKET_NAME = f".s.PGSQL.{PORT}"

LEAN = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "dangol",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    # Memory and processes: the whole product shares one small machine.
    "shared_buffers": "64MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "jit": "off",
    # Nothing committed is lost; the log of changes stays small.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    # An old file of changes is deleted, not written over later: what it held is gone with it.
    "wal_recycle": "off",
    "wal_init_zero": "on",
    "checkpoint_timeout": "5min",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements, parameters and error texts may quote what customers wrote: none may reach the
    # log. The caller still gets every error; `log` keeps the server's own events.
    "logging_collector": "on",
    "log_filename": "postgres-%Y%m%d-%H%M%S.log",
    "log_rotation_size": "10MB",
    "log_rotation_age": "0",
    "log_file_mode": "0600",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %d ",
}


def configuration_text(*, sockets: Path, logs: Path) -> str:
    """The content of our configuration file, which PostgreSQL's own one includes."""
    settings = LEAN | {"unix_socket_directories": str(sockets), "log_directory": str(logs)}
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    return "# Written again at every start; changes here are lost.\n" + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("'", "''")
    return f"'{escaped}'"
