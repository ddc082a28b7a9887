using System.Numerics;

namespace Culverin.Execute;

/// <summary>
/// What a step touches outside the registers. Running live, recording and replaying a proof differ in this
/// and in nothing else.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal interface IStateAccess<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>Reads the instruction word at an address that is a multiple of 4.</summary>
    uint Fetch(TWord address);

    /// <summary>
    /// Reads the word at an address that is a multiple of the word size: the step's memory access.
    /// </summary>
    TWord LoadWord(TWord address);

    /// <summary>Writes the word that this step has loaded before.</summary>
    void StoreWord(TWord address, TWord value);

    /// <summary>
    /// Copies pre-image bytes from an offset (which counts the 8-byte length prefix) on.
    /// </summary>
    /// <param name="key">The pre-image key, 32 bytes.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="target">Up to 32 bytes.</param>
    /// <returns>How many bytes there were, 0 when the offset is at or past the end.</returns>
    int ReadPreimage(ReadOnlySpan<byte> key, TWord offset, Span<byte> target);

    /// <summary>Takes guest bytes written to the standard output (1) or error (2) descriptor.</summary>
    void WriteOutput(int descriptor, TWord address, TWord count);

    /// <summary>Takes guest bytes written to the hint descriptor.</summary>
    void WriteHint(TWord address, TWord count);

    /// <summary>A system call begins; the registers are still the guest's. For observers.</summary>
    /// <param name="entry">What the version takes it for; null for one that it does not know.</param>
    void SyscallBegins(SyscallEntry? entry)
    {
    }

    /// <summary>
    /// The system call that began last is answered. Calls that end or put aside their thread may have no
    /// answer.
    /// </summary>
    /// <param name="result">What it answers.</param>
    /// <param name="errno">The error number, 0 for none.</param>
    void SyscallAnswered(TWord result, uint errno)
    {
    }
}
