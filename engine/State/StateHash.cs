using Culverin.Primitives;

namespace Culverin.State;

/// <summary>What the first byte of a state hash says about the program.</summary>
internal enum MachineStatus : byte
{
    /// <summary>Exited with code 0: the claim is right.</summary>
    Valid = 0,

    /// <summary>Exited with code 1: the claim is wrong.</summary>
    Invalid = 1,

    /// <summary>Exited with another code.</summary>
    Panic = 2,

    /// <summary>Not exited.</summary>
    Unfinished = 3,
}

/// <summary>
/// The commitment to a state: keccak256 of the witness with the status in place of the first byte.
/// </summary>
internal static class StateHash
{
    /// <summary>The status of a state.</summary>
    public static MachineStatus StatusOf(bool exited, byte exitCode) => (exited, exitCode) switch
    {
        (false, _) => MachineStatus.Unfinished,
        (_, 0) => MachineStatus.Valid,
        (_, 1) => MachineStatus.Invalid,
        _ => MachineStatus.Panic,
    };

    /// <summary>Hashes a witness.</summary>
    /// <returns>32 bytes.</returns>
    public static byte[] Compute(ReadOnlySpan<byte> witness, bool exited, byte exitCode)
    {
        byte[] hash = new byte[Keccak256.DigestSizeBytes];
        Keccak256.Hash(witness, hash);
        hash[0] = (byte)StatusOf(exited, exitCode);
        return hash;
    }
}
