using System.Collections.Immutable;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>
/// Turns instruction words into <see cref="Instruction"/>s by the rows that one state version has. One
/// look-up: the primary opcode, or the function or rt field under SPECIAL, REGIMM and SPECIAL2, is an index
/// into a table of 256 opcode numbers. Immutable, so any number of threads may share one.
/// </summary>
internal sealed class Decoder
{
    private readonly byte[] _opcodes = new byte[EncodingClass.KeyCount];
    private readonly InstructionFormat[] _formats = new InstructionFormat[EncodingClass.KeyCount];

    /// <summary>Builds the table for a feature set.</summary>
    public Decoder(FeatureSet features)
    {
        for (int key = 0; key < EncodingClass.KeyCount; key++)
        {
            byte opcode = MostSpecific(EncodingClass.WordOf(key), features);
            _opcodes[key] = opcode;
            _formats[key] = InstructionSet.Rows[opcode - 1].Format;
        }
    }

    /// <summary>Decodes one word; one that the version lacks becomes the reserved instruction.</summary>
    public Instruction Decode(uint bits)
    {
        int key = EncodingClass.KeyOf(bits);
        return new Instruction(_opcodes[key], _formats[key], bits);
    }

    /// <summary>Whether the version has a meaning for this word.</summary>
    public bool Has(uint bits) => _opcodes[EncodingClass.KeyOf(bits)] != InstructionSet.ReservedOpcode;

    /// <summary>The opcode numbers that this version has at all.</summary>
    public ImmutableSortedSet<byte> Opcodes => [.. _opcodes];

    private static byte MostSpecific(uint bits, FeatureSet features)
    {
        IReadOnlyList<InstructionRow> rows = InstructionSet.Rows;
        int best = InstructionSet.ReservedOpcode - 1;
        for (int index = 0; index < rows.Count; index++)
        {
            InstructionRow row = rows[index];
            if (row.Matches(bits)
                && features.Instructions.HasFlag(row.Required)
                && uint.PopCount(row.FixedMask) > uint.PopCount(rows[best].FixedMask))
            {
                best = index;
            }
        }

        return (byte)(best + 1);
    }
}
