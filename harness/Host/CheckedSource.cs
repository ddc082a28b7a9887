using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Harness.Host;

/// <summary>Connects machines to an oracle that compares what it takes in with its key by itself.</summary>
internal static class CheckedSource
{
    private static readonly OracleOptions Unchecked = OracleOptions.Default with { VerifyHashes = false };

    /// <summary>Options of a machine that asks the oracle, which stays the caller's.</summary>
    public static MachineOptions Connect(IPreimageOracle oracle) =>
        new() { Preimages = new PreimageSource { Oracle = oracle, Options = Unchecked } };
}
