namespace Culverin.Harness.Values;

/// <summary>What went wrong between this program and a chain; the numbers are stable.</summary>
public enum ChainFailure
{
    /// <summary>No connection, or it ended before the whole answer came.</summary>
    Unreachable = 1,

    /// <summary>The deadline of the call passed.</summary>
    Deadline = 2,

    /// <summary>The answer is larger than the configured limit.</summary>
    AnswerTooLarge = 3,

    /// <summary>The answer is not the JSON-RPC answer that was due.</summary>
    BadAnswer = 4,

    /// <summary>The node answered with an error object; see <c>JsonRpcException</c>.</summary>
    ErrorAnswer = 5,

    /// <summary>A value does not suit its ABI type, or encoded data does not decode.</summary>
    Abi = 6,

    /// <summary>A contract artifact is missing, malformed or not deployable.</summary>
    Artifact = 7,

    /// <summary>A contract reverted where success was needed.</summary>
    Reverted = 8,

    /// <summary>The local node could not be found or started.</summary>
    NodeStart = 9,

    /// <summary>RLP data, a transaction or a header does not decode, or not to what was due.</summary>
    Encoding = 10,

    /// <summary>A key or signature is not valid, or a signer signed something else than asked.</summary>
    Signature = 12,

    /// <summary>The account owns less than the transaction costs.</summary>
    Funds = 13,

    /// <summary>Another transaction of the same account took this one's number.</summary>
    Replaced = 14,

    /// <summary>The node answers that it is asked too often, after all waits and retries.</summary>
    Throttled = 15,

    /// <summary>A transaction would need higher fees for each unit of gas than the sender allows.</summary>
    FeeLimit = 16,
}

/// <summary>
/// The exception of everything that has to do with a chain. <see cref="Failure"/> says what went wrong;
/// <see cref="CulverinException.Code"/> is the nearest of the engine's codes, for callers that know only
/// those. The message is a whole sentence for a person.
/// </summary>
public class ChainException : CulverinException
{
    /// <summary>Makes an error with its kind and one clear sentence.</summary>
    public ChainException(ChainFailure failure, string message)
        : base(CodeOf(failure), message)
    {
        Failure = failure;
    }

    /// <summary>Makes an error with its kind, one clear sentence and its cause.</summary>
    public ChainException(ChainFailure failure, string message, Exception inner)
        : base(CodeOf(failure), message, inner)
    {
        Failure = failure;
    }

    /// <summary>What went wrong, for programs.</summary>
    public ChainFailure Failure { get; }

    private static ErrorCode CodeOf(ChainFailure failure) => failure switch
    {
        ChainFailure.Unreachable => ErrorCode.HostResource,
        ChainFailure.Deadline or ChainFailure.AnswerTooLarge or ChainFailure.Throttled =>
            ErrorCode.LimitExceeded,
        ChainFailure.Artifact => ErrorCode.FileAccess,
        ChainFailure.Reverted => ErrorCode.ProofRejected,
        ChainFailure.NodeStart => ErrorCode.ProcessStart,
        _ => ErrorCode.InvalidArgument,
    };
}
