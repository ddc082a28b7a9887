using Culverin.Analyze;

namespace Culverin.Inspect;

/// <summary>An instruction word in assembly language.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Bits">The word.</param>
/// <param name="Mnemonic">The manual's mnemonic, or ".word" for a word that no manual entry matches.</param>
/// <param name="Operands">The operands as assemblers take them; empty for none.</param>
internal sealed record DisassembledInstruction(ulong Address, uint Bits, string Mnemonic, string Operands)
{
    /// <summary>Where it jumps or branches to; null if it does not, or only when it runs.</summary>
    public ulong? Target { get; init; }

    /// <summary>What the version makes of it, if that is not what hardware does.</summary>
    public FindingEffect? Effect { get; init; }

    /// <summary>The effect in words; empty for an ordinary instruction.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Mnemonic and operands.</summary>
    public string Text => Operands.Length == 0 ? Mnemonic : $"{Mnemonic} {Operands}";
}
