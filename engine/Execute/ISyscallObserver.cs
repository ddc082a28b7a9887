namespace Culverin.Execute;

/// <summary>Sees the system calls of a running machine, on the thread that runs it.</summary>
internal interface ISyscallObserver
{
    /// <summary>One begins; memory is as the guest has made it.</summary>
    void Begins(SyscallCall call);

    /// <summary>The one that began last is answered; some never are.</summary>
    /// <param name="result">What it answers; all ones for an error.</param>
    /// <param name="errno">The error number, 0 for none.</param>
    void Answered(ulong result, uint errno);
}
