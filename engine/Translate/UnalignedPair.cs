using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Culverin.Isa;

namespace Culverin.Translate;

/// <summary>
/// Two instructions that together access a whole unaligned word: the first its bytes up to the end of an
/// aligned word, the second, <see cref="SecondDistance"/> further on, the others.
/// </summary>
/// <param name="SecondOpcode">Opcode number of the second instruction.</param>
/// <param name="Width">Size of the word.</param>
/// <param name="IsStore">Whether it is stored.</param>
internal readonly record struct UnalignedPair(byte SecondOpcode, Width Width, bool IsStore)
{
    private static readonly ImmutableDictionary<byte, UnalignedPair> Pairs =
        ImmutableDictionary.CreateRange(new[]
        {
            Of("lwl", "lwr", Width.Word, isStore: false),
            Of("swl", "swr", Width.Word, isStore: true),
            Of("ldl", "ldr", Width.Doubleword, isStore: false),
            Of("sdl", "sdr", Width.Doubleword, isStore: true),
        });

    /// <summary>What the second instruction's offset is more than the first's.</summary>
    public int SecondDistance => (int)Width - 1;

    /// <summary>The pair that an instruction begins; null for none.</summary>
    public static UnalignedPair? BegunBy(byte opcode) =>
        Pairs.TryGetValue(opcode, out UnalignedPair pair) ? pair : null;

    private static KeyValuePair<byte, UnalignedPair> Of(
        string first, string second, Width width, bool isStore) =>
        KeyValuePair.Create(OpcodeOf(first), new UnalignedPair(OpcodeOf(second), width, isStore));

    private static byte OpcodeOf(string mnemonic)
    {
        int index = InstructionSet.Rows.Select(row => row.Mnemonic).ToList().IndexOf(mnemonic);
        return (byte)(index + 1);
    }
}
