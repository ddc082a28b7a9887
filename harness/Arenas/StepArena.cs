using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>
/// A fresh chain with nothing on it but the real single-threaded MIPS contract and its pre-image oracle:
/// the judge of single steps. One account deploys, uploads pre-images and calls, since local pre-images
/// belong to their uploader. May be used from several threads at once.
/// </summary>
public sealed class StepArena : IAsyncDisposable
{
    // Production's limits of large pre-image proposals; the arena makes none.
    private const int LargePreimageBytesMin = 126_000;
    private const int LargePreimageChallengeSeconds = 86_400;

    // A node that estimates gas runs every transaction several times. Unused gas costs nothing here, and
    // blocks have room for tens of thousands of such limits: a transaction that found none would wait for a
    // later one.
    private const ulong TransactionGasLimit = 30_000_000;

    private const int CommitmentBytes = 48;
    private const int BlobEvidenceBytes = CommitmentBytes + Bytes32.SizeBytes + CommitmentBytes;

    private readonly Anvil _anvil;
    private readonly EthereumNode _node;
    private readonly ContractAbi _mips;
    private readonly ContractAbi _oracle;
    private readonly AbiFunction _step;

    private StepArena(Anvil anvil, ContractAbi mips, ContractAbi oracle, Address caller)
    {
        _anvil = anvil;
        _node = anvil.Node;
        _mips = mips;
        _oracle = oracle;
        _step = mips.Function("step");
        Caller = caller;
    }

    /// <summary>The account that uploads pre-images and calls step.</summary>
    public Address Caller { get; }

    /// <summary>The MIPS contract.</summary>
    public Address Mips { get; private set; }

    /// <summary>The pre-image oracle.</summary>
    public Address Oracle { get; private set; }

    /// <summary>The chain's HTTP address.</summary>
    public Uri Endpoint => _anvil.Endpoint;

    /// <summary>Starts the chain and deploys both contracts; takes well under a second.</summary>
    public static async Task<StepArena> StartAsync(
        NodePackages packages, AnvilOptions? options = null, CancellationToken cancellation = default)
    {
        ContractArtifact mips = ContractArtifact.Find(packages.ContractArtifacts, "MIPS");
        ContractArtifact oracle = ContractArtifact.Find(packages.ContractArtifacts, "PreimageOracle");
        options ??= new AnvilOptions { KeepsHistory = false };
        Anvil anvil = await Anvil.StartAsync(packages, options, cancellation).ConfigureAwait(false);
        try
        {
            Address caller = (await anvil.Node.GetAccountsAsync(cancellation).ConfigureAwait(false))[0];
            StepArena arena = new(anvil, mips.Abi, oracle.Abi, caller);
            arena.Oracle = await arena
                .DeployAsync(oracle, cancellation, LargePreimageBytesMin, LargePreimageChallengeSeconds)
                .ConfigureAwait(false);
            arena.Mips = await arena.DeployAsync(mips, cancellation, arena.Oracle).ConfigureAwait(false);
            return arena;
        }
        catch
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw;
        }
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
        return outcome with
        {
            GasUsed = receipt.GasUsed,
            PostWitness = receipt.LogData.Count == 1 ? receipt.LogData[0] : default,
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
            ? new StepOutcome { Revert = RevertReason.Decode(outcome.Data, _mips, _oracle) }
            : new StepOutcome { PostHash = _step.DecodeOutputs(outcome.Data)[0].AsBytes32() })];
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
        CallRequest[] uploads = [.. parts.Select(part => ToOracle(Upload(part)))];
        IReadOnlyList<TransactionReceipt> receipts =
            await _anvil.SendInOneBlockAsync(uploads, cancellation).ConfigureAwait(false);
        for (int index = 0; index < receipts.Count; index++)
        {
            if (!receipts[index].Succeeded)
            {
                // The receipt has no reason: the same call again, without a transaction, tells it.
                PreimagePart part = parts[index];
                (await _node.CallAsync(uploads[index], cancellation).ConfigureAwait(false))
                    .Require($"The upload of pre-image {part.Key} at offset {part.Offset}", _oracle);
            }
        }

        AbiFunction isLoaded = _oracle.Function("preimagePartOk");
        IReadOnlyList<CallOutcome> answers = await _node.CallManyAsync(
            [.. parts.Select(part => ToOracle(isLoaded.Encode(StoredKey(part), (ulong)part.Offset)))],
            cancellation).ConfigureAwait(false);
        for (int index = 0; index < answers.Count; index++)
        {
            if (!isLoaded.DecodeOutputs(answers[index].Require("preimagePartOk", _oracle))[0].AsBoolean())
            {
                throw new ChainException(
                    ChainFailure.Reverted,
                    $"The value given for pre-image {parts[index].Key} belongs to another key.");
            }
        }
    }

    /// <summary>Ends the chain.</summary>
    public ValueTask DisposeAsync() => _anvil.DisposeAsync();

    private async Task<Address> DeployAsync(
        ContractArtifact artifact, CancellationToken cancellation, params AbiValue[] arguments)
    {
        CallRequest creation = new()
        {
            From = Caller,
            Data = artifact.EncodeDeployment(arguments),
            GasLimit = TransactionGasLimit,
        };
        TransactionReceipt receipt = await _node.SendAsync(creation, cancellation).ConfigureAwait(false);
        return receipt.Succeeded && receipt.CreatedContract is { } address
            ? address
            : throw new ChainException(ChainFailure.Reverted, $"The deployment of {artifact.Name} reverted.");
    }

    private CallRequest Request(StepCall step) => new()
    {
        From = Caller,
        To = Mips,
        Data = _step.Encode(step.StateData, step.ProofData, step.LocalContext),
        GasLimit = TransactionGasLimit,
    };

    private CallRequest ToOracle(byte[] data) =>
        new() { From = Caller, To = Oracle, Data = data, GasLimit = TransactionGasLimit };

    private Bytes32 StoredKey(PreimagePart part) =>
        PreimageKey.TypeOf(part.Key) == PreimageKeyType.Local
            ? PreimageKey.Localize(part.Key, Caller, part.LocalContext)
            : part.Key;

    private byte[] Upload(PreimagePart part)
    {
        long dataBytes = part.Value.Length - PreimageKey.PrefixBytes;
        if (dataBytes < 0 || BinaryPrimitives.ReadUInt64BigEndian(part.Value.Span) != (ulong)dataBytes)
        {
            throw new ChainException(
                ChainFailure.Abi, $"The value of pre-image {part.Key} does not start with its own length.");
        }

        ReadOnlyMemory<byte> data = part.Value[PreimageKey.PrefixBytes..];
        ulong offset = part.Offset;
        return PreimageKey.TypeOf(part.Key) switch
        {
            PreimageKeyType.Local => UploadLocal(part, data.Span),
            PreimageKeyType.Keccak256 => _oracle.Function("loadKeccak256PreimagePart").Encode(offset, data),
            PreimageKeyType.Sha256 => _oracle.Function("loadSha256PreimagePart").Encode(offset, data),
            PreimageKeyType.Blob => UploadBlob(part, data.Span),
            PreimageKeyType.Precompile => UploadPrecompile(part),
            _ => throw new ChainException(
                ChainFailure.Abi, $"Pre-image {part.Key} is of no kind the oracle knows."),
        };
    }

    private byte[] UploadLocal(PreimagePart part, ReadOnlySpan<byte> data)
    {
        if (data.Length > Bytes32.SizeBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Local pre-image {part.Key} has {data.Length} bytes; the oracle takes at most 32.");
        }

        Span<byte> word = stackalloc byte[Bytes32.SizeBytes];
        word.Clear();
        data.CopyTo(word);
        BigInteger identifier = new(part.Key.ToArray().AsSpan(1), isUnsigned: true, isBigEndian: true);
        return _oracle.Function("loadLocalData")
            .Encode(identifier, part.LocalContext, new Bytes32(word), data.Length, (ulong)part.Offset);
    }

    private byte[] UploadBlob(PreimagePart part, ReadOnlySpan<byte> data)
    {
        ReadOnlyMemory<byte> evidence = part.Evidence;
        if (evidence.Length != BlobEvidenceBytes || data.Length != Bytes32.SizeBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Blob pre-image {part.Key} needs {BlobEvidenceBytes} bytes of evidence and 32 of value.");
        }

        ReadOnlySpan<byte> z = evidence.Span.Slice(CommitmentBytes, Bytes32.SizeBytes);
        return _oracle.Function("loadBlobPreimagePart").Encode(
            new BigInteger(z, isUnsigned: true, isBigEndian: true),
            new BigInteger(data, isUnsigned: true, isBigEndian: true),
            evidence[..CommitmentBytes],
            evidence[^CommitmentBytes..],
            (ulong)part.Offset);
    }

    private byte[] UploadPrecompile(PreimagePart part) =>
        part.Evidence.Length < Address.SizeBytes
            ? throw new ChainException(
                ChainFailure.Abi,
                $"Precompile pre-image {part.Key} needs the precompile's address and input as evidence.")
            : _oracle.Function("loadPrecompilePreimagePart").Encode(
                (ulong)part.Offset,
                new Address(part.Evidence.Span[..Address.SizeBytes]),
                part.Evidence[Address.SizeBytes..]);
}
