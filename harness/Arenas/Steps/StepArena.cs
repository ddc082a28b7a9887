using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Oracle;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>
/// A fresh chain with the real contract that executes steps and its pre-image oracle: the judge of single
/// steps. There are two: the classic one has the single-threaded 32-bit machine, the modern one the 64-bit
/// machine with threads; both take and return a step by the same function. One account uploads pre-images
/// and calls, since local pre-images belong to their uploader. May be used from several threads at once.
/// </summary>
public sealed class StepArena : IAsyncDisposable
{
    /// <summary>
    /// Gas of a transaction. A node that estimates gas runs every transaction several times. Unused gas
    /// costs nothing here, and blocks have room for tens of thousands of such limits: a transaction that
    /// found none would wait for a later one.
    /// </summary>
    internal const ulong TransactionGasLimit = 30_000_000;

    private readonly Anvil _anvil;
    private readonly EthereumNode _node;
    private readonly OracleGeneration _generation;

    private StepArena(Anvil anvil, StepContracts contracts, Address caller)
    {
        _anvil = anvil;
        _node = anvil.Node;
        _generation = contracts.Generation;
        Mips = contracts.Mips;
        Oracle = contracts.Oracle;
        Caller = caller;
    }

    /// <summary>The account that uploads pre-images and calls step.</summary>
    public Address Caller { get; }

    /// <summary>The contract that executes steps.</summary>
    public Address Mips { get; }

    /// <summary>The pre-image oracle.</summary>
    public Address Oracle { get; }

    /// <summary>The chain's HTTP address.</summary>
    public Uri Endpoint => _anvil.Endpoint;

    /// <summary>
    /// Starts the classic arena: an empty chain, and on it MIPS 1.0.1 (state version 0) and PreimageOracle
    /// 1.0.0, deployed afresh. Takes well under a second.
    /// </summary>
    public static Task<StepArena> StartAsync(
        NodePackages packages, AnvilOptions? options = null, CancellationToken cancellation = default) =>
        StartAsync(
            packages,
            options ?? new AnvilOptions { KeepsHistory = false },
            (node, caller) => ClassicContracts.DeployAsync(node, packages, caller, cancellation),
            cancellation);

    /// <summary>
    /// Starts the modern arena: a chain with a whole deployment of the OP Stack in its first block, MIPS64
    /// 1.7.0 (state version 8) and PreimageOracle 1.1.4 among it. Takes well under a second; the first time
    /// after an installation of the npm packages a little longer. Throws <see cref="ChainException"/> when
    /// the contracts are not there in these versions.
    /// </summary>
    /// <param name="packages">The npm packages.</param>
    /// <param name="options">
    /// How the node is started; its chain and its first block are replaced by the deployment's.
    /// </param>
    /// <param name="cancellation">Ends the start; no process is left then.</param>
    public static async Task<StepArena> StartModernAsync(
        NodePackages packages, AnvilOptions? options = null, CancellationToken cancellation = default)
    {
        ModernGenesis genesis = await ModernGenesis.GetAsync(packages, cancellation).ConfigureAwait(false);
        options = (options ?? new AnvilOptions { KeepsHistory = false }) with
        {
            ChainId = ModernGenesis.ChainId,
            GenesisPath = genesis.Path,
        };
        return await StartAsync(
            packages,
            options,
            (node, _) => ModernContracts.FindAsync(node, genesis.Contracts, cancellation),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks the contract for one step and, when it accepts, sends it as a transaction too, to learn the gas
    /// and the witness it logs.
    /// </summary>
    public async Task<StepOutcome> StepAsync(StepCall step, CancellationToken cancellation = default)
    {
        StepOutcome outcome = (await StepManyAsync([step], cancellation).ConfigureAwait(false))[0];
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        TransactionReceipt receipt = await _node.SendAsync(Request(step), cancellation).ConfigureAwait(false);
        if (!receipt.Succeeded)
        {
            throw new ChainException(
                ChainFailure.Reverted,
                $"The contract takes the step, but not with {TransactionGasLimit:N0} gas in a transaction.");
        }

        return outcome with
        {
            GasUsed = receipt.GasUsed,
            PostWitness = receipt.Logs.Count == 1 ? receipt.Logs[0].Data : default,
        };
    }

    /// <summary>
    /// Asks the contract for many steps, hundreds in one HTTP request, without transactions.
    /// </summary>
    public async Task<IReadOnlyList<StepOutcome>> StepManyAsync(
        IReadOnlyList<StepCall> steps, CancellationToken cancellation = default)
    {
        IReadOnlyList<CallOutcome> outcomes = await _node
            .CallManyAsync([.. steps.Select(Request)], cancellation)
            .ConfigureAwait(false);
        return [.. outcomes.Select(outcome => outcome.IsReverted
            ? new StepOutcome { Revert = RevertReason.Decode(outcome.Data) }
            : new StepOutcome
            {
                PostHash = ContractCodec.DecodeResult<MIPS.StepResult>(outcome.Data).Value,
            })];
    }

    /// <summary>Uploads one part of a pre-image; see <see cref="LoadPreimagesAsync"/>.</summary>
    public Task LoadPreimageAsync(PreimagePart part, CancellationToken cancellation = default) =>
        LoadPreimagesAsync([part], cancellation);

    /// <summary>
    /// Uploads parts of pre-images by the oracle's own loading functions, and checks that the oracle now
    /// holds each under its key. Throws <see cref="ChainException"/> when a part is malformed, the oracle
    /// refuses it, or its value does not belong to its key.
    /// </summary>
    public async Task LoadPreimagesAsync(
        IReadOnlyList<PreimagePart> parts, CancellationToken cancellation = default)
    {
        CallRequest[] uploads = [.. parts.Select(part => ToOracle(PreimageUpload.Encode(_generation, part)))];
        IReadOnlyList<TransactionReceipt> receipts =
            await _anvil.SendInOneBlockAsync(uploads, cancellation).ConfigureAwait(false);
        for (int index = 0; index < receipts.Count; index++)
        {
            if (!receipts[index].Succeeded)
            {
                // The receipt has no reason: the same call again, without a transaction, tells it.
                PreimagePart part = parts[index];
                (await _node.CallAsync(uploads[index], cancellation).ConfigureAwait(false))
                    .Require($"The upload of pre-image {part.Key} at offset {part.Offset}");
            }
        }

        IReadOnlyList<CallOutcome> answers = await _node
            .CallManyAsync([.. parts.Select(part => ToOracle(IsLoadedCall(part)))], cancellation)
            .ConfigureAwait(false);
        for (int index = 0; index < answers.Count; index++)
        {
            ReadOnlyMemory<byte> answer = answers[index].Require("preimagePartOk");
            if (!ContractCodec.DecodeResult<PreimageOracle.PreimagePartOkResult>(answer).Value)
            {
                throw new ChainException(
                    ChainFailure.Reverted,
                    $"The value given for pre-image {parts[index].Key} belongs to another key.");
            }
        }
    }

    /// <summary>Ends the chain.</summary>
    public ValueTask DisposeAsync() => _anvil.DisposeAsync();

    private static async Task<StepArena> StartAsync(
        NodePackages packages,
        AnvilOptions options,
        Func<EthereumNode, Address, Task<StepContracts>> provide,
        CancellationToken cancellation)
    {
        Anvil anvil = await Anvil.StartAsync(packages, options, cancellation).ConfigureAwait(false);
        try
        {
            Address caller = (await anvil.Node.GetAccountsAsync(cancellation).ConfigureAwait(false))[0];
            return new StepArena(anvil, await provide(anvil.Node, caller).ConfigureAwait(false), caller);
        }
        catch
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private CallRequest Request(StepCall step) => new()
    {
        From = Caller,
        To = Mips,
        Data = ContractCodec.EncodeCall(new MIPS.StepFunction
        {
            StateData = step.StateData.ToArray(),
            Proof = step.ProofData.ToArray(),
            LocalContext = step.LocalContext,
        }),
        GasLimit = TransactionGasLimit,
    };

    private CallRequest ToOracle(byte[] data) =>
        new() { From = Caller, To = Oracle, Data = data, GasLimit = TransactionGasLimit };

    private byte[] IsLoadedCall(PreimagePart part) => ContractCodec.EncodeCall(
        new PreimageOracle.PreimagePartOkFunction { Item1 = StoredKey(part), Item2 = part.Offset });

    private Bytes32 StoredKey(PreimagePart part) =>
        OracleKey.TypeOf(part.Key) == PreimageKeyType.Local
            ? OracleKey.Localize(part.Key, Caller, part.LocalContext)
            : part.Key;
}
