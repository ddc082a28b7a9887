package anvil

import (
	"os/exec"
	"syscall"
)

// EndWithTest ends the node even if the test is killed.
func EndWithTest(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
