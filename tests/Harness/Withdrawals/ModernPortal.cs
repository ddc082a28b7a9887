using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;
using PortalContract = Culverin.Harness.Contracts.ModernPortal;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// The L1 of the modern arena with its portal 4.6.0 and permissioned game 1.7.0, on which proposals are about
/// the L2 of a classic arena: the portal does not know which L2 an output root is of.
/// </summary>
internal sealed class ModernPortal : IAsyncDisposable
{
    private const string Version = "4.6.0";

    private readonly Anvil _anvil;
    private readonly WithdrawalWorld _l2;
    private readonly TransactionSender _sender;
    private readonly Address _guardian;
    private readonly Address _proposer;
    private readonly Contract _registry;

    private ModernPortal(
        Anvil anvil,
        WithdrawalWorld l2,
        WithdrawalContracts contracts,
        Contract registry,
        Address account,
        Address guardian,
        Address proposer)
    {
        _anvil = anvil;
        _l2 = l2;
        _registry = registry;
        _guardian = guardian;
        _proposer = proposer;
        Contracts = contracts;
        _sender = new TransactionSender(anvil.Node, new NodeAccount(account));
        Client = new WithdrawalClient(contracts, _sender);
    }

    internal WithdrawalContracts Contracts { get; }

    internal WithdrawalClient Client { get; }

    internal static async Task<ModernPortal> StartAsync(WithdrawalWorld l2)
    {
        ModernGenesis genesis = await ModernGenesis.GetAsync(Repository.Packages, CancellationToken.None);
        AnvilOptions options = new() { ChainId = ModernGenesis.ChainId, GenesisPath = genesis.Path };
        Anvil anvil = await Anvil.StartAsync(Repository.Packages, options);
        try
        {
            await anvil.SetBlockIntervalAsync(1);
            Contract? portal = null;
            Contract any = l2.Portal with { Node = anvil.Node };
            foreach (Address address in genesis.Contracts)
            {
                Contract candidate = any.At(address);
                if (await TryReadAsync(candidate, new PortalContract.VersionFunction())
                        is { Value: Version }
                    && await TryReadAsync(candidate, new PortalContract.AnchorStateRegistryFunction())
                        is { } named
                    && named.Value != default
                    && await TryReadAsync(
                        new Contract("registry", anvil.Node, named.Value),
                        new ModernAnchorStateRegistry.DisputeGameFactoryFunction()) is { } factory
                    && factory.Value != default)
                {
                    portal = candidate;
                    break;
                }
            }

            WithdrawalContracts contracts = await WithdrawalContracts.ConnectAsync(
                anvil.Node, l2.Arena.L2.Node, portal!.Address);
            Contract registry = new(
                "registry",
                anvil.Node,
                (await portal.ReadAsync(new PortalContract.AnchorStateRegistryFunction())).Value);
            Address guardian = (await portal.ReadAsync(new OptimismPortal2.GuardianFunction())).Value;
            Address implementation = (await contracts.Factory.ReadAsync(
                new DisputeGameFactory.GameImplsFunction { Value = GameTypes.Permissioned })).Value;
            Contract permissioned = l2.Arena.Contracts.PermissionedGame with { Node = anvil.Node };
            Address proposer = (await permissioned.At(implementation).ReadAsync(
                new PermissionedDisputeGame.ProposerFunction())).Proposer;
            Address account = (await anvil.Node.GetAccountsAsync())[0];
            await anvil.SetBalancesAsync([guardian, proposer, account], 1_000 * ArenaOptions.Ether);
            await anvil.ImpersonateAsync(guardian);
            await anvil.ImpersonateAsync(proposer);
            ModernPortal modern =
                new(anvil, l2, contracts, registry, account, guardian, proposer);
            _ = await modern.DepositAsync(account);
            return modern;
        }
        catch
        {
            await anvil.DisposeAsync();
            throw;
        }
    }

    /// <summary>A game for the L2's newest block, one second before the head.</summary>
    internal async Task<Contract> ProposeAsync()
    {
        ulong block = await _l2.Arena.L2.Node.GetBlockNumberAsync();
        Bytes32 root = (await OutputRoot.ReadAsync(_l2.Arena.L2.Node, block)).Hash;
        BigInteger bond = (await Contracts.Factory.ReadAsync(
            new DisputeGameFactory.InitBondsFunction { Value = GameTypes.Permissioned })).Value;
        DisputeGameFactory.CreateFunction create = new()
        {
            GameType = GameTypes.Permissioned,
            RootClaim = root,
            ExtraData = Bytes32.FromInteger(block).ToArray(),
        };
        TransactionReceipt receipt =
            await SendAsync(Contracts.Factory.Request(_proposer, create, bond));
        await _anvil.AdvanceAsync(1);
        return Contracts.Game.At(WithdrawalWorld.CreatedGame(receipt));
    }

    /// <summary>Lets a root stand that nobody attacked.</summary>
    internal async Task WinAsync(Contract game, ulong maxClockSeconds)
    {
        await _anvil.AdvanceAsync(maxClockSeconds + 1);
        _ = await SendAsync(game.Request(_proposer, new FaultDisputeGame.ResolveClaimFunction()));
        _ = await SendAsync(game.Request(_proposer, new FaultDisputeGame.ResolveFunction()));
    }

    /// <summary>An act of the guardian on the registry.</summary>
    internal async Task AsGuardianAsync(FunctionMessage call)
    {
        _ = await SendAsync(_registry.Request(_guardian, call));
        await _anvil.AdvanceAsync(1);
    }

    /// <summary>Why the portal would not pay by the account's proof; null when it would.</summary>
    internal async Task<RevertReason?> RefusalAsync(InitiatedWithdrawal withdrawal)
    {
        CallOutcome outcome = await _anvil.Node.CallAsync(Contracts.Portal.Request(
            default,
            new OptimismPortal2.CheckWithdrawalFunction
            {
                WithdrawalHash = withdrawal.Withdrawal.Hash,
                ProofSubmitter = _sender.Address,
            }));
        return outcome.IsReverted ? RevertReason.Decode(outcome.Data) : null;
    }

    internal Task AdvanceToAsync(ulong second) => _anvil.AdvanceToAsync(second);

    internal Task<AnvilSnapshot> SnapshotAsync() => _anvil.SnapshotAsync();

    internal Task RevertAsync(AnvilSnapshot snapshot) => _anvil.RevertAsync(snapshot);

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _anvil.DisposeAsync();
    }

    private Task<TransactionReceipt> DepositAsync(Address account) => SendAsync(Contracts.Portal.Request(
        account,
        new OptimismPortal2.DepositTransactionFunction { To = account, GasLimit = 100_000 },
        10 * ArenaOptions.Ether));

    private async Task<TransactionReceipt> SendAsync(CallRequest call)
    {
        TransactionReceipt receipt = await _anvil.Node.SendAsync(call with { GasLimit = 10_000_000 });
        if (!receipt.Succeeded)
        {
            CallOutcome outcome = await _anvil.Node.CallAsync(call);
            _ = outcome.Require("The transaction");
            throw new InvalidOperationException("A transaction failed in its block only.");
        }

        return receipt;
    }

    private static async Task<TResult?> TryReadAsync<TResult>(Contract contract, ICall<TResult> call)
        where TResult : class, IFunctionOutputDTO, new()
    {
        try
        {
            return await contract.ReadAsync(call);
        }
        catch (ChainException)
        {
            return null;
        }
    }
}
