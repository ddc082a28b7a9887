namespace Culverin.Prove;

/// <summary>
/// All that a contract needs to execute one step, as the reference's proof file holds it (VM-SPEC 13.1).
/// </summary>
public sealed record StepProof
{
    /// <summary>The step counter before the step.</summary>
    public required ulong Step { get; init; }

    /// <summary>State hash before the step, 32 bytes.</summary>
    public required byte[] PreHash { get; init; }

    /// <summary>State hash after the step, 32 bytes.</summary>
    public required byte[] PostHash { get; init; }

    /// <summary>The state witness before the step.</summary>
    public required byte[] StateData { get; init; }

    /// <summary>Memory proofs: of the instruction, then of the accessed word.</summary>
    public required byte[] ProofData { get; init; }

    /// <summary>The pre-image that the step read; null for all other steps.</summary>
    public OracleData? Oracle { get; init; }
}

/// <summary>The pre-image part that a step reads.</summary>
/// <param name="Key">The key, 32 bytes.</param>
/// <param name="Value">The pre-image with its 8-byte big-endian length in front.</param>
/// <param name="Offset">First byte read of <paramref name="Value"/>.</param>
public sealed record OracleData(byte[] Key, byte[] Value, ulong Offset)
{
    /// <summary>The bytes from the offset on.</summary>
    public ReadOnlySpan<byte> Rest => Offset < (ulong)Value.Length ? Value.AsSpan((int)Offset) : [];
}
