using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>A block of any chain, by both its names.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Number">Its number.</param>
public readonly record struct BlockId(Bytes32 Hash, ulong Number)
{
    /// <summary>Number and hash.</summary>
    public override string ToString() => $"{Number} ({Hash})";
}
