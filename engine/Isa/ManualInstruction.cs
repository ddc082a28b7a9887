using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>
/// An instruction of the MIPS manual that some version does not have as such: it has no meaning there, or the
/// decoder takes it for another one. The list is for naming things in reports; nothing executes from it.
/// </summary>
/// <param name="Row">
/// Its mnemonic and encoding; what a version must have to execute it as the manual says, if any does.
/// </param>
/// <param name="Note">What other versions make of it, if it does run; empty if they refuse it.</param>
/// <param name="IsHarmless">Whether ordinary programs do not notice what the machine makes of it.</param>
internal sealed record ManualInstruction(InstructionRow Row, string Note, bool IsHarmless)
{
    private const InstructionFeatures Mips64 = InstructionFeatures.Mips64;
    private const string NeverTaken = "a branch never taken, without a link";
    private const string NeverTraps = "a branch never taken, so that the trap never happens";

    private static readonly ManualInstruction[] List =
    [
        .. Refused(),
        .. RefusedFloatingPoint(),
        .. RefusedFields64(),
        .. Only64(),
        .. RunAsOthers(),
    ];

    private static readonly ManualInstruction[][] ByKey = IndexByKey();

    /// <summary>What a version must have for <see cref="Note"/> to apply; others refuse it.</summary>
    public InstructionFeatures NoteRequires { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ManualInstruction> All => List;

    /// <summary>The most specific one that matches a word; null for none.</summary>
    public static ManualInstruction? Find(uint bits) =>
        Array.Find(ByKey[EncodingClass.KeyOf(bits)], entry => entry.Row.Matches(bits));

    // For each class of encodings the entries that may match, the most specific first.
    private static ManualInstruction[][] IndexByKey()
    {
        ManualInstruction[][] byKey = new ManualInstruction[EncodingClass.KeyCount][];
        for (int key = 0; key < byKey.Length; key++)
        {
            uint mask = EncodingClass.MaskOf(key);
            uint bits = EncodingClass.WordOf(key);
            byKey[key] =
            [
                .. List.Where(entry => ((entry.Row.FixedBits ^ bits) & entry.Row.FixedMask & mask) == 0)
                    .OrderByDescending(entry => uint.PopCount(entry.Row.FixedMask)),
            ];
        }

        return byKey;
    }

    // One that some version executes is written as that version's row says.
    private static ManualInstruction New(
        string mnemonic,
        string pattern,
        string note = "",
        InstructionFeatures required = default,
        string? syntax = null)
    {
        string? known = InstructionSet.Rows.FirstOrDefault(row => row.Mnemonic == mnemonic)?.Syntax;
        return new ManualInstruction(
            new InstructionRow(mnemonic, pattern, syntax ?? known) { Required = required },
            note,
            note == NeverTraps);
    }

    private static ManualInstruction TrapByImmediate(string mnemonic, string pattern) =>
        New(mnemonic, pattern, NeverTraps, syntax: InstructionSyntax.TrapImmediate);

    private static ManualInstruction On64(
        string mnemonic, string pattern, string note, string? syntax = null) =>
        New(mnemonic, pattern, note, syntax: syntax) with { NoteRequires = Mips64 };

    private static ManualInstruction[] Refused() =>
    [
        New("movci", "000000 sssss ttt.. ddddd ..... 000001"),
        New("break", "000000 ..... ..... ..... ..... 001101"),
        New("tge", "000000 sssss ttttt ..... ..... 110000"),
        New("tgeu", "000000 sssss ttttt ..... ..... 110001"),
        New("tlt", "000000 sssss ttttt ..... ..... 110010"),
        New("tltu", "000000 sssss ttttt ..... ..... 110011"),
        New("teq", "000000 sssss ttttt ..... ..... 110100"),
        New("tne", "000000 sssss ttttt ..... ..... 110110"),
        New("madd", "011100 sssss ttttt ..... ..... 000000"),
        New("maddu", "011100 sssss ttttt ..... ..... 000001"),
        New("msub", "011100 sssss ttttt ..... ..... 000100"),
        New("msubu", "011100 sssss ttttt ..... ..... 000101"),
        New("sdbbp", "011100 ..... ..... ..... ..... 111111"),
        New("ext", "011111 sssss ttttt ddddd aaaaa 000000", syntax: InstructionSyntax.Extract),
        New("ins", "011111 sssss ttttt ddddd aaaaa 000100", syntax: InstructionSyntax.Insert),
        New("wsbh", "011111 ..... ttttt ddddd 00010 100000"),
        New("seb", "011111 ..... ttttt ddddd 10000 100000"),
        New("seh", "011111 ..... ttttt ddddd 11000 100000"),
        New("rdhwr", "011111 ..... ttttt ddddd ..... 111011", syntax: InstructionSyntax.SpecialRegister),
        New("beql", "010100 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.CompareAndBranch),
        New("bnel", "010101 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.CompareAndBranch),
        New("blezl", "010110 sssss ..... iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Branch),
        New("bgtzl", "010111 sssss ..... iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Branch),
        New("cop0", "010000 ..... ..... ..... ..... ......"),
        New("cop2", "010010 ..... ..... ..... ..... ......"),
        New("lwc2", "110010 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Memory),
        New("ldc2", "110110 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Memory),
        New("swc2", "111010 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Memory),
        New("sdc2", "111110 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Memory),
        New("cache", "101111 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Hint),
        New("pref", "110011 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Hint),
        New("msa", "011110 ..... ..... ..... ..... ......"),
    ];

    private static ManualInstruction[] RefusedFloatingPoint() =>
    [
        New("cop1", "010001 ..... ..... ..... ..... ......"),
        New("mfc1", "010001 00000 ttttt ddddd ..... ......", syntax: InstructionSyntax.FloatMove),
        New("cfc1", "010001 00010 ttttt ddddd ..... ......", syntax: InstructionSyntax.SpecialRegister),
        New("mtc1", "010001 00100 ttttt ddddd ..... ......", syntax: InstructionSyntax.FloatMove),
        New("ctc1", "010001 00110 ttttt ddddd ..... ......", syntax: InstructionSyntax.SpecialRegister),
        New("bc1", "010001 01000 ..... iiiiiiiiiiiiiiii", syntax: InstructionSyntax.Target),
        New("add.fmt", "010001 1.... ..... ..... ..... 000000"),
        New("sub.fmt", "010001 1.... ..... ..... ..... 000001"),
        New("mul.fmt", "010001 1.... ..... ..... ..... 000010"),
        New("div.fmt", "010001 1.... ..... ..... ..... 000011"),
        New("sqrt.fmt", "010001 1.... ..... ..... ..... 000100"),
        New("abs.fmt", "010001 1.... ..... ..... ..... 000101"),
        New("mov.fmt", "010001 1.... ..... ..... ..... 000110"),
        New("neg.fmt", "010001 1.... ..... ..... ..... 000111"),
        New("trunc.w.fmt", "010001 1.... ..... ..... ..... 001101"),
        New("cvt.s.fmt", "010001 1.... ..... ..... ..... 100000"),
        New("cvt.d.fmt", "010001 1.... ..... ..... ..... 100001"),
        New("cvt.w.fmt", "010001 1.... ..... ..... ..... 100100"),
        New("c.cond.fmt", "010001 1.... ..... ..... ..... 11...."),
        New("cop1x", "010011 ..... ..... ..... ..... ......"),
        New("lwc1", "110001 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.FloatMemory),
        New("ldc1", "110101 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.FloatMemory),
        New("swc1", "111001 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.FloatMemory),
        New("sdc1", "111101 sssss ttttt iiiiiiiiiiiiiiii", syntax: InstructionSyntax.FloatMemory),
    ];

    // The second release of MIPS64, which no version has.
    private static ManualInstruction[] RefusedFields64() =>
    [
        New("dextm", "011111 sssss ttttt ddddd aaaaa 000001", syntax: InstructionSyntax.ExtractLong),
        New("dextu", "011111 sssss ttttt ddddd aaaaa 000010", syntax: InstructionSyntax.ExtractUpper),
        New("dext", "011111 sssss ttttt ddddd aaaaa 000011", syntax: InstructionSyntax.Extract),
        New("dinsm", "011111 sssss ttttt ddddd aaaaa 000101", syntax: InstructionSyntax.InsertLong),
        New("dinsu", "011111 sssss ttttt ddddd aaaaa 000110", syntax: InstructionSyntax.InsertUpper),
        New("dins", "011111 sssss ttttt ddddd aaaaa 000111", syntax: InstructionSyntax.Insert),
        New("dsbh", "011111 ..... ttttt ddddd 00010 100100"),
        New("dshd", "011111 ..... ttttt ddddd 00101 100100"),
    ];

    private static ManualInstruction[] Only64() =>
    [
        New("dsllv", "000000 sssss ttttt ddddd ..... 010100", required: Mips64),
        New("dsrlv", "000000 sssss ttttt ddddd ..... 010110", required: Mips64),
        New("dsrav", "000000 sssss ttttt ddddd ..... 010111", required: Mips64),
        New("dmult", "000000 sssss ttttt ..... ..... 011100", required: Mips64),
        New("dmultu", "000000 sssss ttttt ..... ..... 011101", required: Mips64),
        New("ddiv", "000000 sssss ttttt ..... ..... 011110", required: Mips64),
        New("ddivu", "000000 sssss ttttt ..... ..... 011111", required: Mips64),
        New("dadd", "000000 sssss ttttt ddddd ..... 101100", required: Mips64),
        New("daddu", "000000 sssss ttttt ddddd ..... 101101", required: Mips64),
        New("dsub", "000000 sssss ttttt ddddd ..... 101110", required: Mips64),
        New("dsubu", "000000 sssss ttttt ddddd ..... 101111", required: Mips64),
        New("dsll", "000000 ..... ttttt ddddd aaaaa 111000", required: Mips64),
        New("dsrl", "000000 ..... ttttt ddddd aaaaa 111010", required: Mips64),
        New("dsra", "000000 ..... ttttt ddddd aaaaa 111011", required: Mips64),
        New("dsll32", "000000 ..... ttttt ddddd aaaaa 111100", required: Mips64),
        New("dsrl32", "000000 ..... ttttt ddddd aaaaa 111110", required: Mips64),
        New("dsra32", "000000 ..... ttttt ddddd aaaaa 111111", required: Mips64),
        New("dclz", "011100 sssss ..... ddddd ..... 100100", required: InstructionFeatures.CountLeading64),
        New("dclo", "011100 sssss ..... ddddd ..... 100101", required: InstructionFeatures.CountLeading64),
        New("daddi", "011000 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("daddiu", "011001 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("ldl", "011010 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("ldr", "011011 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("lwu", "100111 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("sdl", "101100 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("sdr", "101101 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("lld", "110100 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("ld", "110111 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("scd", "111100 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
        New("sd", "111111 sssss ttttt iiiiiiiiiiiiiiii", required: Mips64),
    ];

    private static ManualInstruction[] RunAsOthers() =>
    [
        New("bltzl", "000001 sssss 00010 iiiiiiiiiiiiiiii", NeverTaken, syntax: InstructionSyntax.Branch),
        New("bgezl", "000001 sssss 00011 iiiiiiiiiiiiiiii", NeverTaken, syntax: InstructionSyntax.Branch),
        New("bltzal", "000001 sssss 10000 iiiiiiiiiiiiiiii", NeverTaken, InstructionFeatures.Bltzal),
        New("bgezal", "000001 sssss 10001 iiiiiiiiiiiiiiii", NeverTaken, InstructionFeatures.Bgezal),
        New("bltzall", "000001 sssss 10010 iiiiiiiiiiiiiiii", NeverTaken, syntax: InstructionSyntax.Branch),
        New("bgezall", "000001 sssss 10011 iiiiiiiiiiiiiiii", NeverTaken, syntax: InstructionSyntax.Branch),
        TrapByImmediate("tgei", "000001 sssss 01000 iiiiiiiiiiiiiiii"),
        TrapByImmediate("tgeiu", "000001 sssss 01001 iiiiiiiiiiiiiiii"),
        TrapByImmediate("tlti", "000001 sssss 01010 iiiiiiiiiiiiiiii"),
        TrapByImmediate("tltiu", "000001 sssss 01011 iiiiiiiiiiiiiiii"),
        TrapByImmediate("teqi", "000001 sssss 01100 iiiiiiiiiiiiiiii"),
        TrapByImmediate("tnei", "000001 sssss 01110 iiiiiiiiiiiiiiii"),
        New("rotr", "000000 00001 ttttt ddddd aaaaa 000010", "srl: the bits do not come round"),
        New(
            "rotrv",
            "000000 sssss ttttt ddddd 00001 000110",
            "srlv: the bits do not come round",
            syntax: InstructionSyntax.ShiftByRegister),
        On64("drotr", "000000 00001 ttttt ddddd aaaaa 111010", "dsrl: the bits do not come round"),
        On64("drotr32", "000000 00001 ttttt ddddd aaaaa 111110", "dsrl32: the bits do not come round"),
        On64(
            "drotrv",
            "000000 sssss ttttt ddddd 00001 010110",
            "dsrlv: the bits do not come round",
            InstructionSyntax.ShiftByRegister),
    ];
}
