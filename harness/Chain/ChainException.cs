using System;

namespace Culverin.Harness.Chain;

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

    /// <summary>The node answered with an error object; see <see cref="JsonRpcException"/>.</summary>
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

    /// <summary>The system's libsecp256k1 is missing or unsuitable.</summary>
    MissingLibrary = 11,

    /// <summary>A key or signature is not valid, or a signer signed something else than asked.</summary>
    Signature = 12,

    /// <summary>The transaction would cost more than the sender allows or owns.</summary>
    Funds = 13,

    /// <summary>Another transaction of the same account took this one's number.</summary>
    Replaced = 14,
}

/// <summary>
/// The exception of everything under <c>Culverin.Harness.Chain</c> and the arenas. <see cref="Failure"/>
/// says what went wrong; <see cref="CulverinException.Code"/> is the nearest of the engine's codes, for
/// callers that know only those. The message is a whole sentence for a person.
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
        ChainFailure.Unreachable or ChainFailure.MissingLibrary => ErrorCode.HostResource,
        ChainFailure.Deadline or ChainFailure.AnswerTooLarge => ErrorCode.LimitExceeded,
        ChainFailure.Artifact => ErrorCode.FileAccess,
        ChainFailure.Reverted => ErrorCode.ProofRejected,
        ChainFailure.NodeStart => ErrorCode.ProcessStart,
        _ => ErrorCode.InvalidArgument,
    };
}
