using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>Which fields an instruction word has besides the opcode.</summary>
internal enum InstructionFormat
{
    /// <summary>rs, rt, rd, sa.</summary>
    Register,

    /// <summary>rs, rt, 16-bit immediate.</summary>
    Immediate,

    /// <summary>26-bit index.</summary>
    Jump,
}

/// <summary>
/// The encoding of one instruction: which bits are fixed. What it means is the body beside it; the printed
/// reference (ISA.md) and the decoder derive from the two.
/// </summary>
internal sealed class InstructionRow
{
    /// <summary>Makes a row from its bit pattern.</summary>
    /// <param name="mnemonic">The manual's mnemonic in lower case.</param>
    /// <param name="pattern">
    /// 32 characters, blanks ignored: 0 and 1 are fixed bits; s, t, d, a, i, j are fields; a dot is a bit
    /// that this machine ignores although the manual fixes it.
    /// </param>
    /// <param name="syntax">
    /// One of <see cref="InstructionSyntax"/>; null for <see cref="InstructionSyntax.OfFields"/>.
    /// </param>
    public InstructionRow(string mnemonic, string pattern, string? syntax = null)
    {
        Mnemonic = mnemonic;
        Pattern = pattern;
        string bits = pattern.Replace(" ", "", StringComparison.Ordinal);
        if (bits.Length != 32)
        {
            throw new ArgumentException(
                $"The pattern of {mnemonic} has {bits.Length} bits.", nameof(pattern));
        }

        foreach (char bit in bits)
        {
            FixedMask = (FixedMask << 1) | (bit is '0' or '1' ? 1u : 0u);
            FixedBits = (FixedBits << 1) | (bit == '1' ? 1u : 0u);
        }

        Format = bits.Contains('j', StringComparison.Ordinal) ? InstructionFormat.Jump
            : bits.Contains('i', StringComparison.Ordinal) ? InstructionFormat.Immediate
            : InstructionFormat.Register;
        Syntax = syntax ?? InstructionSyntax.OfFields(bits, Format);
    }

    /// <summary>The manual's mnemonic in lower case.</summary>
    public string Mnemonic { get; }

    /// <summary>The bit pattern as written.</summary>
    public string Pattern { get; }

    /// <summary>One for every bit that the pattern fixes.</summary>
    public uint FixedMask { get; }

    /// <summary>The fixed bits' values.</summary>
    public uint FixedBits { get; }

    /// <summary>Which fields the word has.</summary>
    public InstructionFormat Format { get; }

    /// <summary>How assembly language writes the operands, as in <see cref="InstructionSyntax"/>.</summary>
    public string Syntax { get; }

    /// <summary>What a version must have for this row to apply.</summary>
    public InstructionFeatures Required { get; init; }

    /// <summary>Whether an instruction word matches.</summary>
    public bool Matches(uint bits) => (bits & FixedMask) == FixedBits;
}
