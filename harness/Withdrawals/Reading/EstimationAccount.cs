using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Calls as the account for which the portal and the messengers revert when the innermost call fails
/// (Constants.ESTIMATION_ADDRESS of the contracts). For anyone else they succeed all the same, so that an
/// ordinary estimate finds too little gas, and uses the withdrawal up.
/// </summary>
internal static class EstimationAccount
{
    /// <summary>The account.</summary>
    public static Address Address { get; } = Address.Parse("0x0000000000000000000000000000000000000001");

    // Given beyond the estimate, in percent: the state may change until the block.
    private const ulong MarginPercent = 25;

    /// <summary>
    /// The gas with which the innermost call succeeds, and some more; null when it fails with any gas.
    /// Throws <see cref="ChainException"/> when the node does not answer.
    /// </summary>
    public static async Task<ulong?> FindGasAsync(
        Contract contract, FunctionMessage call, CancellationToken cancellation)
    {
        try
        {
            ulong gas = await contract.Node
                .EstimateGasAsync(contract.Request(Address, call), cancellation)
                .ConfigureAwait(false);
            return checked(gas + gas * MarginPercent / 100);
        }
        catch (RevertedException)
        {
            return null;
        }
    }
}
