"""The AWS CDK's command line against one endpoint: what a user would type, with nothing of the machine's own settings."""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NODE_MODULES = HERE / "node_modules"


class CdkError(RuntimeError):
    """The CDK ended with an error; the text is what it printed."""


class Cdk:
    """Runs `cdk` in an application's folder against `endpoint`.

    The folder for the CDK's own files is private: the CLI remembers there which account a key belongs to.
    """

    def __init__(self, endpoint: str, application: pathlib.Path = HERE, key: str = "demo", secret: str = "demo") -> None:
        self.application = application
        self._home = tempfile.TemporaryDirectory(prefix="cdk-home-")
        node = NODE_MODULES.resolve().parents[1] / "node" / "bin"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CDK_HOME": self._home.name,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "CI": "true",  # everything to standard output, no moving progress bar
        }

    def run(self, *arguments: str, timeout_seconds: float = 120) -> str:
        """What the command printed. Raises CdkError when it failed or when it takes longer than `timeout_seconds`."""
        command = [str(NODE_MODULES / ".bin" / "cdk"), *arguments, "--no-notices", "--no-color"]
        try:
            done = subprocess.run(
                command,
                cwd=self.application,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise CdkError(f"cdk {arguments[0]} took over {timeout_seconds} s:\n{expired.output or ''}") from expired
        if done.returncode != 0:
            raise CdkError(f"cdk {arguments[0]} failed:\n{done.stdout}")
        return done.stdout

    def synth(self, output: pathlib.Path) -> None:
        """Writes every stack's template to `output`."""
        self.run("synth", "--quiet", "--output", str(output))
