using System.Collections.Generic;
using System.Collections.Immutable;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>
/// Turns instruction words into <see cref="Instruction"/>s by the rows that one state version has. One look-up:
/// the primary opcode, or the function or rt field under SPECIAL, REGIMM and SPECIAL2, is an index into a table
/// of 256 opcode numbers. Immutable, so any number of threads may share one.
/// </summary>
public sealed class Decoder
{
    private const uint Special = 0x00;
    private const uint Regimm = 0x01;
    private const uint Special2 = 0x1C;
    private const int SpecialBase = 64;
    private const int Special2Base = 128;
    private const int RegimmBase = 192;
    private const int KeyCount = 256;

    private readonly byte[] _opcodes = new byte[KeyCount];
    private readonly InstructionFormat[] _formats = new InstructionFormat[KeyCount];

    /// <summary>Builds the table for a feature set.</summary>
    public Decoder(FeatureSet features)
    {
        for (int key = 0; key < KeyCount; key++)
        {
            byte opcode = MostSpecific(WordOf(key), features);
            _opcodes[key] = opcode;
            _formats[key] = InstructionSet.Rows[opcode - 1].Format;
        }
    }

    /// <summary>Decodes one word; one that the version lacks becomes the reserved instruction.</summary>
    public Instruction Decode(uint bits)
    {
        int key = KeyOf(bits);
        return new Instruction(_opcodes[key], _formats[key], bits);
    }

    /// <summary>Whether the version has a meaning for this word.</summary>
    public bool Has(uint bits) => _opcodes[KeyOf(bits)] != InstructionSet.ReservedOpcode;

    /// <summary>The opcode numbers that this version has at all.</summary>
    public ImmutableSortedSet<byte> Opcodes => [.. _opcodes];

    private static int KeyOf(uint bits)
    {
        uint primary = bits >> 26;
        return primary switch
        {
            Special => SpecialBase + (int)(bits & 63),
            Special2 => Special2Base + (int)(bits & 63),
            Regimm => RegimmBase + (int)((bits >> 16) & 31),
            _ => (int)primary,
        };
    }

    private static uint WordOf(int key) => key switch
    {
        < SpecialBase => (uint)key << 26,
        < Special2Base => (uint)(key - SpecialBase),
        < RegimmBase => (Special2 << 26) | (uint)(key - Special2Base),
        _ => (Regimm << 26) | ((uint)(key - RegimmBase) & 31) << 16,
    };

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
