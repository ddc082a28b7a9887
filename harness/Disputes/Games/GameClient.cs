using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// The transactions of one account in one fault dispute game (contract 1.2.0, permissioned or not). Each is
/// sent only when the contract would take it now, and returns when it is in a block. What the contract
/// refuses throws <see cref="RevertedException"/> with the decoded error (see <see cref="GameErrors"/>),
/// and nothing was sent; else <see cref="ChainException"/>. May be used from several threads at once.
/// </summary>
/// <param name="game">The game.</param>
/// <param name="sender">The account, which stays the caller's.</param>
public sealed class GameClient(Contract game, TransactionSender sender)
{
    /// <summary>The game.</summary>
    public Contract Contract => game;

    /// <summary>The account.</summary>
    public Address Account => sender.Address;

    /// <summary>
    /// Creates a game by the factory, with the bond that the factory asks for.
    /// </summary>
    /// <param name="factory">The DisputeGameFactory.</param>
    /// <param name="implementation">Any game of this type.</param>
    /// <param name="sender">The proposer.</param>
    /// <param name="proposal">What is claimed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<GameClient> CreateAsync(
        Contract factory,
        Contract implementation,
        TransactionSender sender,
        GameProposal proposal,
        CancellationToken cancellation = default)
    {
        DisputeGameFactory.InitBondsResult bond = await factory
            .ReadAsync(
                new DisputeGameFactory.InitBondsFunction { Value = proposal.GameType },
                cancellation: cancellation)
            .ConfigureAwait(false);
        CallRequest creation = factory.Request(sender.Address, proposal.Creation, bond.Value);
        TransactionReceipt receipt = await sender.SendAsync(creation, cancellation).ConfigureAwait(false);
        LogEntry log = receipt.Logs.FirstOrDefault(entry => entry.Address == factory.Address
                && ContractCodec.Matches<DisputeGameFactory.DisputeGameCreatedEvent>(entry))
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "The factory created a game without an event of it.");
        Address game =
            ContractCodec.DecodeEvent<DisputeGameFactory.DisputeGameCreatedEvent>(log).DisputeProxy;
        return new GameClient(implementation.At(game), sender);
    }

    /// <summary>The game as it is at the newest block; throws as <see cref="GameReader"/>.</summary>
    public async Task<Game> ReadAsync(CancellationToken cancellation = default)
    {
        Block block = await game.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        return await GameReader.ReadAsync(game, block, cancellation).ConfigureAwait(false);
    }

    /// <summary>Wei that the game owes an account at a block; throws <see cref="ChainException"/>.</summary>
    public async Task<BigInteger> CreditAsync(
        Address account, BlockReference block = default, CancellationToken cancellation = default) =>
        (await game
            .ReadAsync(new FaultDisputeGame.CreditFunction { Value = account }, block, cancellation)
            .ConfigureAwait(false)).Value;

    /// <summary>Moves against a claim: attacks it, or defends it to attack what follows.</summary>
    /// <param name="against">The claim, which must still be the one at its index.</param>
    /// <param name="isAttack">Whether the claim is said to be wrong.</param>
    /// <param name="value">What is claimed instead.</param>
    /// <param name="bond">Exactly the bond of the new claim's depth, in wei.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<TransactionReceipt> MoveAsync(
        Claim against,
        bool isAttack,
        Bytes32 value,
        BigInteger bond,
        CancellationToken cancellation = default) =>
        SendAsync(MoveRequest(against, isAttack, value, bond), cancellation);

    /// <summary>Says that a claim is wrong; see <see cref="MoveAsync"/>.</summary>
    public Task<TransactionReceipt> AttackAsync(
        Claim against, Bytes32 value, BigInteger bond, CancellationToken cancellation = default) =>
        SendAsync(
            Request(
                new FaultDisputeGame.AttackFunction
                {
                    Disputed = against.Value,
                    ParentIndex = against.Index,
                    Claim = value,
                },
                bond),
            cancellation);

    /// <summary>Says that a claim is right but not what follows it; see <see cref="MoveAsync"/>.</summary>
    public Task<TransactionReceipt> DefendAsync(
        Claim against, Bytes32 value, BigInteger bond, CancellationToken cancellation = default) =>
        SendAsync(
            Request(
                new FaultDisputeGame.DefendFunction
                {
                    Disputed = against.Value,
                    ParentIndex = against.Index,
                    Claim = value,
                },
                bond),
            cancellation);

    /// <summary>
    /// Refutes a claim at the greatest depth by a step. What it reads must be in the oracle already.
    /// </summary>
    /// <param name="claimIndex">The claim.</param>
    /// <param name="isAttack">Whether the step leads to the claim's state, rather than on from it.</param>
    /// <param name="data">State and proof.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<TransactionReceipt> StepAsync(
        int claimIndex, bool isAttack, StepData data, CancellationToken cancellation = default) =>
        SendAsync(StepRequest(claimIndex, isAttack, data), cancellation);

    /// <summary>Puts a part of a local pre-image into the oracle.</summary>
    /// <param name="localNumber">Which: 1 to 5.</param>
    /// <param name="claimIndex">A claim below the split, in whose dispute it is read.</param>
    /// <param name="offset">First byte of the part, counted from the 8-byte length prefix.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<TransactionReceipt> AddLocalDataAsync(
        UInt128 localNumber, int claimIndex, ulong offset, CancellationToken cancellation = default) =>
        SendAsync(LocalDataRequest(localNumber, claimIndex, offset), cancellation);

    /// <summary>
    /// Resolves the game under a claim, whose clock must have run out, after all that are deeper.
    /// </summary>
    /// <param name="claimIndex">The claim.</param>
    /// <param name="countMax">
    /// How many of its children to look at in this transaction; 0 for all. The claim is resolved by the
    /// transaction that looks at the last one.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<TransactionReceipt> ResolveClaimAsync(
        int claimIndex, int countMax = 0, CancellationToken cancellation = default) =>
        SendAsync(ResolveClaimRequest(claimIndex, countMax), cancellation);

    /// <summary>Resolves the game, after its root claim.</summary>
    public Task<TransactionReceipt> ResolveAsync(CancellationToken cancellation = default) =>
        SendAsync(ResolveRequest(), cancellation);

    /// <summary>Pays an account what it won, after the delay of the contract that holds the bonds.</summary>
    public Task<TransactionReceipt> ClaimCreditAsync(
        Address recipient, CancellationToken cancellation = default) =>
        SendAsync(ClaimCreditRequest(recipient), cancellation);

    /// <summary>Shows that the root claim is the output after another block than the game says.</summary>
    /// <param name="output">The claimed output's parts.</param>
    /// <param name="header">The header of the block that it is really about.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<TransactionReceipt> ChallengeRootL2BlockAsync(
        OutputRoot output, BlockHeader header, CancellationToken cancellation = default) =>
        SendAsync(ChallengeRootL2BlockRequest(output, header), cancellation);

    /// <summary>The transaction of <see cref="MoveAsync"/>.</summary>
    public CallRequest MoveRequest(Claim against, bool isAttack, Bytes32 value, BigInteger bond) =>
        Request(
            new FaultDisputeGame.MoveFunction
            {
                Disputed = against.Value,
                ChallengeIndex = against.Index,
                Claim = value,
                IsAttack = isAttack,
            },
            bond);

    /// <summary>The transaction of <see cref="StepAsync"/>.</summary>
    public CallRequest StepRequest(int claimIndex, bool isAttack, StepData data) =>
        Request(new FaultDisputeGame.StepFunction
        {
            ClaimIndex = claimIndex,
            IsAttack = isAttack,
            StateData = data.Prestate.ToArray(),
            Proof = data.Proof.ToArray(),
        });

    /// <summary>The transaction of <see cref="AddLocalDataAsync"/>.</summary>
    public CallRequest LocalDataRequest(UInt128 localNumber, int claimIndex, ulong offset) =>
        Request(new FaultDisputeGame.AddLocalDataFunction
        {
            Ident = (BigInteger)localNumber,
            ExecLeafIdx = claimIndex,
            PartOffset = offset,
        });

    /// <summary>The transaction of <see cref="ResolveClaimAsync"/>.</summary>
    public CallRequest ResolveClaimRequest(int claimIndex, int countMax = 0) =>
        Request(new FaultDisputeGame.ResolveClaimFunction
        {
            ClaimIndex = claimIndex,
            NumToResolve = countMax,
        });

    /// <summary>The transaction of <see cref="ResolveAsync"/>.</summary>
    public CallRequest ResolveRequest() => Request(new FaultDisputeGame.ResolveFunction());

    /// <summary>The transaction of <see cref="ClaimCreditAsync"/>.</summary>
    public CallRequest ClaimCreditRequest(Address recipient) =>
        Request(new FaultDisputeGame.ClaimCreditFunction { Recipient = recipient });

    /// <summary>The transaction of <see cref="ChallengeRootL2BlockAsync"/>.</summary>
    public CallRequest ChallengeRootL2BlockRequest(OutputRoot output, BlockHeader header) =>
        Request(new FaultDisputeGame.ChallengeRootL2BlockFunction
        {
            OutputRootProof = new FaultDisputeGame.OutputRootProof
            {
                StateRoot = output.StateRoot,
                MessagePasserStorageRoot = output.MessagePasserStorageRoot,
                LatestBlockhash = output.BlockHash,
            },
            HeaderRLP = header.Encode(),
        });

    /// <summary>
    /// Sends a transaction of this account that has to do with the game, such as one to its oracle.
    /// </summary>
    public Task<TransactionReceipt> SendAsync(CallRequest call, CancellationToken cancellation = default) =>
        sender.SendAsync(call, cancellation);

    /// <summary>
    /// The key under which the contract's <c>claims</c> keeps that a claim was made: the hash of the value
    /// and of a word with position and parent.
    /// </summary>
    public static Bytes32 KeyOf(Claim parent, Position position, Bytes32 value)
    {
        BigInteger place = ((BigInteger)position.GeneralizedIndex << 128) | (BigInteger)parent.Index;
        return Bytes32.Keccak256([.. value.ToArray(), .. Bytes32.FromInteger(place).ToArray()]);
    }

    private CallRequest Request(FunctionMessage call, BigInteger value = default) =>
        game.Request(sender.Address, call, value);
}
