using System.Numerics;
using Culverin.Harness.Contracts;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>How far a proposal of a large pre-image is, as the oracle keeps it in one word.</summary>
/// <param name="FinishedSeconds">When its last part came, in seconds since 1970; 0 before.</param>
/// <param name="ClaimedBytes">Size of the data as its proposer says; 0 where there is no proposal.</param>
/// <param name="BlockCount">Keccak blocks so far.</param>
/// <param name="IsCountered">Whether it was challenged with success.</param>
internal sealed record ProposalState(
    ulong FinishedSeconds, uint ClaimedBytes, int BlockCount, bool IsCountered)
{
    /// <summary>
    /// Reads the result of <c>proposalMetadata</c>, from the highest bit on: time (64 bits), part offset
    /// (32), claimed size (32), blocks (32) and bytes (32) so far, countered (64).
    /// </summary>
    internal static ProposalState Read(PreimageOracle.ProposalMetadataResult word)
    {
        BigInteger value = word.Value.ToInteger();
        return new ProposalState(
            (ulong)(value >> 192),
            (uint)((value >> 128) & uint.MaxValue),
            (int)((value >> 96) & int.MaxValue),
            (value & ulong.MaxValue) != 0);
    }
}
