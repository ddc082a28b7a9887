using System;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// An ERC-20 token on L1 and its other side on L2, of which the user owns some by a deposit.
/// </summary>
internal sealed record BridgedToken(Contract OnL1, Contract OnL2)
{
    /// <summary>Makes both sides and lets the user deposit an amount.</summary>
    internal static async Task<BridgedToken> CreateAsync(WithdrawalWorld world, BigInteger amount)
    {
        ClassicArena arena = world.Arena;
        TransactionSender user = arena.OnL1(arena.Accounts.User);
        ContractArtifact artifact =
            ContractArtifact.Find(Repository.Packages.ContractArtifacts, "TestERC20");
        TransactionReceipt created = await user.SendAsync(
            new CallRequest { From = user.Address, Data = artifact.EncodeDeployment() });
        Contract l1 = new("TestERC20", arena.L1.Node, created.CreatedContract!.Value, artifact.Abi);
        Contract l2 = l1 with { Node = arena.L2.Node, Address = await CreateOnL2Async(world, l1) };
        Address bridge = arena.Contracts.Bridge.Address;
        _ = await user.SendAsync(l1.Request(user.Address, "mint", [user.Address, amount]));
        _ = await user.SendAsync(l1.Request(user.Address, "approve", [bridge, amount]));
        AbiValue[] deposit = [l1.Address, l2.Address, amount, 200_000, Array.Empty<byte>()];
        TransactionReceipt deposited = await user.SendAsync(
            arena.Contracts.Bridge.Request(user.Address, "depositERC20", deposit));
        LogEntry log = deposited.Logs.Single(entry => entry.Topics[0] == DepositDerivation.Topic);
        Bytes32 hash = await arena.L2.Node.SubmitRawAsync(DepositDerivation.Derive(log).Encode());
        _ = await arena.L2.Node.WaitForReceiptsAsync([hash]);
        return new BridgedToken(l1, l2);
    }

    internal static async Task<BigInteger> BalanceAsync(Contract token, Address owner) =>
        (await token.ReadAsync("balanceOf", [owner])).AsInteger();

    private static async Task<Address> CreateOnL2Async(WithdrawalWorld world, Contract l1)
    {
        TransactionSender user = world.Arena.OnL2(world.Arena.Accounts.User);
        Contract factory = world.Arena.Predeploys.TokenFactory;
        TransactionReceipt receipt = await user.SendAsync(factory.Request(
            user.Address, "createOptimismMintableERC20", [l1.Address, "Token", "TKN"]));
        AbiEvent created = factory.Abi.Event("OptimismMintableERC20Created");
        return created.Decode(receipt.Logs.Single(created.Matches))[0].AsAddress();
    }
}
