namespace Culverin.Isa;

/// <summary>
/// The part of an instruction word that selects the instruction: the primary opcode, or a second field under
/// the three primary opcodes SPECIAL, REGIMM and SPECIAL2 that have one. Its keys number all classes from 0.
/// </summary>
internal static class EncodingClass
{
    /// <summary>How many keys there are.</summary>
    public const int KeyCount = 256;

    private const uint Special = 0x00;
    private const uint Regimm = 0x01;
    private const uint Special2 = 0x1C;
    private const int SpecialBase = 64;
    private const int Special2Base = 128;
    private const int RegimmBase = 192;
    private const int PrimaryShift = 26;
    private const int RtShift = 16;
    private const uint FunctionMask = 63;
    private const uint RtMask = 31;

    /// <summary>The key of a word's class.</summary>
    public static int KeyOf(uint bits)
    {
        uint primary = bits >> PrimaryShift;
        return primary switch
        {
            Special => SpecialBase + (int)(bits & FunctionMask),
            Special2 => Special2Base + (int)(bits & FunctionMask),
            Regimm => RegimmBase + (int)((bits >> RtShift) & RtMask),
            _ => (int)primary,
        };
    }

    /// <summary>The word of a class whose other bits are all 0.</summary>
    public static uint WordOf(int key) => key switch
    {
        < SpecialBase => (uint)key << PrimaryShift,
        < Special2Base => (uint)(key - SpecialBase),
        < RegimmBase => (Special2 << PrimaryShift) | (uint)(key - Special2Base),
        _ => (Regimm << PrimaryShift) | ((uint)(key - RegimmBase) & RtMask) << RtShift,
    };

    /// <summary>One for every bit that a class fixes.</summary>
    public static uint MaskOf(int key) => key switch
    {
        < SpecialBase => ~0u << PrimaryShift,
        < RegimmBase => (~0u << PrimaryShift) | FunctionMask,
        _ => (~0u << PrimaryShift) | (RtMask << RtShift),
    };

    /// <summary>The name of a class: the manual's table and the value in it.</summary>
    public static string NameOf(uint bits) => (bits >> PrimaryShift) switch
    {
        Special => $"special 0x{bits & FunctionMask:x2}",
        Regimm => $"regimm 0x{(bits >> RtShift) & RtMask:x2}",
        Special2 => $"special2 0x{bits & FunctionMask:x2}",
        uint primary => $"primary 0x{primary:x2}",
    };
}
