namespace Culverin.Inspect;

/// <summary>The general registers as the calling conventions name them.</summary>
internal static class RegisterNames
{
    private static readonly string[] Names32 =
    [
        "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
        "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra",
    ];

    private static readonly string[] Names64 =
    [
        "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3",
        "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra",
    ];

    /// <summary>The name without a dollar sign: by o32 for 32-bit words, by n64 for 64-bit words.</summary>
    /// <param name="register">0 to 31.</param>
    /// <param name="wordBits">32 or 64.</param>
    public static string Of(int register, int wordBits) =>
        (wordBits == 64 ? Names64 : Names32)[register];
}
