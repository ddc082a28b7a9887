namespace Culverin.Translate.Ir;

/// <summary>Numbers of the registers in micro-operations: r0 to r31, then LO and HI.</summary>
internal static class GuestRegister
{
    /// <summary>LO.</summary>
    public const int Lo = 32;

    /// <summary>HI.</summary>
    public const int Hi = 33;

    /// <summary>How many there are.</summary>
    public const int Count = 34;

    /// <summary>Which word of the state's native block holds the program counter.</summary>
    public const int PcWord = 32;

    /// <summary>Which word holds the address of the instruction after that.</summary>
    public const int NextPcWord = 33;

    // In CpuState, pc and nextPC stand between r31 and LO.
    private const int WordsBeforeLo = 2;

    /// <summary>Which word of the state's native block holds a register.</summary>
    public static int WordInState(int register) => register < Lo ? register : register + WordsBeforeLo;
}
