namespace Culverin.Versions;

/// <summary>The state version byte: first byte of a binary state file (VM-SPEC section 1).</summary>
public enum StateVersion : byte
{
    /// <summary>
    /// MIPS32, one thread; what the MIPS contract up to 1.1.0 implements. JSON states are this one.
    /// </summary>
    SingleThreaded = 0,

    /// <summary>MIPS32, threads with futex wait state; never in production.</summary>
    MultiThreaded = 1,

    /// <summary>MIPS32, one thread, with fcntl(F_GETFD) and the linking REGIMM branches.</summary>
    SingleThreaded2 = 2,

    /// <summary>MIPS64, threads; first beta.</summary>
    MultiThreaded64 = 3,

    /// <summary>MIPS64, threads; second beta with 32-bit futex values.</summary>
    MultiThreaded64V2 = 4,

    /// <summary>MIPS32, threads, simplified futex.</summary>
    MultiThreaded2 = 5,

    /// <summary>MIPS64, threads, simplified futex: first in production.</summary>
    MultiThreaded64V3 = 6,

    /// <summary>MIPS64, threads, Go 1.23 support.</summary>
    MultiThreaded64V4 = 7,

    /// <summary>MIPS64, threads, deterministic getrandom: in production.</summary>
    MultiThreaded64V5 = 8,
}
