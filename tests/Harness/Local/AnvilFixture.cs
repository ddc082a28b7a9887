using System.Numerics;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Local;

/// <summary>One empty chain for all tests of a class.</summary>
public sealed class AnvilFixture : IAsyncLifetime
{
    private Anvil? _anvil;

    public Anvil Anvil => _anvil!;

    public EthereumNode Node => Anvil.Node;

    public async Task InitializeAsync() => _anvil = await Anvil.StartAsync(Repository.Packages);

    public Task DisposeAsync() => _anvil!.DisposeAsync().AsTask();

    /// <summary>Gives an account a hundred ether.</summary>
    internal Task FundAsync(Address account) =>
        Node.Rpc.CallAsync(JsonRpcRequest.Create(
            "anvil_setBalance",
            account.ToString(),
            Hex.FormatQuantity(100 * BigInteger.Pow(10, 18))));
}
