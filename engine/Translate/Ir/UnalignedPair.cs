using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// Two instructions that together access a whole unaligned word: the first its bytes up to the end of an
/// aligned word, the second, <see cref="SecondDistance"/> further on, the others.
/// </summary>
/// <param name="SecondOpcode">Opcode number of the second instruction.</param>
/// <param name="Width">Size of the word.</param>
/// <param name="IsStore">Whether it is stored.</param>
internal readonly record struct UnalignedPair(byte SecondOpcode, Width Width, bool IsStore)
{
    // By the opcode number of the first instruction, asked for every instruction that is translated.
    private static readonly UnalignedPair?[] Pairs = MakePairs();

    /// <summary>What the second instruction's offset is more than the first's.</summary>
    public int SecondDistance => (int)Width - 1;

    /// <summary>The pair that an instruction begins; null for none.</summary>
    public static UnalignedPair? BegunBy(byte opcode) => Pairs[opcode];

    private static UnalignedPair?[] MakePairs()
    {
        List<string> mnemonics = [.. InstructionSet.Rows.Select(row => row.Mnemonic)];
        var pairs = new UnalignedPair?[byte.MaxValue + 1];
        Add("lwl", "lwr", Width.Word, isStore: false);
        Add("swl", "swr", Width.Word, isStore: true);
        Add("ldl", "ldr", Width.Doubleword, isStore: false);
        Add("sdl", "sdr", Width.Doubleword, isStore: true);
        return pairs;

        void Add(string first, string second, Width width, bool isStore) =>
            pairs[OpcodeOf(first)] = new UnalignedPair((byte)OpcodeOf(second), width, isStore);

        int OpcodeOf(string mnemonic) => mnemonics.IndexOf(mnemonic) + 1;
    }
}
