using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

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
            new CallRequest { From = user.Address, Data = artifact.CreationCode([]) });
        Contract l1 = new("TestERC20", arena.L1.Node, created.CreatedContract!.Value);
        Contract l2 = l1 with { Node = arena.L2.Node, Address = await CreateOnL2Async(world, l1) };
        Address bridge = arena.Contracts.Bridge.Address;
        _ = await user.SendAsync(l1.Request(
            user.Address, new TestERC20.MintFunction { To = user.Address, Value = amount }));
        _ = await user.SendAsync(l1.Request(
            user.Address, new TestERC20.ApproveFunction { Spender = bridge, Amount = amount }));
        L1StandardBridge.DepositERC20Function deposit = new()
        {
            L1Token = l1.Address,
            L2Token = l2.Address,
            Amount = amount,
            MinGasLimit = 200_000,
        };
        _ = await user.SendAsync(arena.Contracts.Bridge.Request(user.Address, deposit));
        await ((DerivedL2)arena.L2).CatchUpAsync();
        return new BridgedToken(l1, l2);
    }

    internal static async Task<BigInteger> BalanceAsync(Contract token, Address owner) =>
        (await token.ReadAsync(new TestERC20.BalanceOfFunction { Value = owner })).Value;

    private static async Task<Address> CreateOnL2Async(WithdrawalWorld world, Contract l1)
    {
        TransactionSender user = world.Arena.OnL2(world.Arena.Accounts.User);
        Contract factory = world.Arena.Predeploys.TokenFactory;
        TransactionReceipt receipt = await user.SendAsync(factory.Request(
            user.Address,
            new OptimismMintableERC20Factory.CreateOptimismMintableERC20Function
            {
                RemoteToken = l1.Address,
                Name = "Token",
                Symbol = "TKN",
            }));
        return ContractCodec
            .DecodeEvent<OptimismMintableERC20Factory.OptimismMintableERC20CreatedEvent>(receipt.Logs.Single(
                ContractCodec.Matches<OptimismMintableERC20Factory.OptimismMintableERC20CreatedEvent>))
            .LocalToken;
    }
}
