namespace Culverin.Execute;

/// <summary>Linux error numbers for MIPS that the kernel answers (VM-SPEC section 7).</summary>
internal static class Errno
{
    /// <summary>Bad file descriptor.</summary>
    public const uint BadFileDescriptor = 9;

    /// <summary>Try again.</summary>
    public const uint TryAgain = 0xB;

    /// <summary>Connection timed out.</summary>
    public const uint TimedOut = 0x91;

    /// <summary>Invalid argument.</summary>
    public const uint InvalidArgument = 0x16;
}
