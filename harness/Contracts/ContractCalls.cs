using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Contracts;

/// <summary>
/// Typed calls of contracts: <c>game.ReadAsync(new FaultDisputeGame.ClaimDataFunction { Value = 3 })</c>. May
/// be used from several threads at once.
/// </summary>
public static class ContractCalls
{
    /// <summary>
    /// Calls a function without a transaction. Throws <see cref="RevertedException"/> with the reason after
    /// a revert, else <see cref="ChainException"/>.
    /// </summary>
    public static async Task<TResult> ReadAsync<TResult>(
        this Contract contract,
        ICall<TResult> call,
        BlockReference block = default,
        CancellationToken cancellation = default)
        where TResult : class, IFunctionOutputDTO, new()
    {
        FunctionMessage message = MessageOf(call);
        CallOutcome outcome = await contract.Node
            .CallAsync(contract.Request(default, message), block, cancellation)
            .ConfigureAwait(false);
        return Decode<TResult>(contract, message, outcome);
    }

    /// <summary>The same for many calls of one function, in one batch, at one block; in order.</summary>
    public static async Task<IReadOnlyList<TResult>> ReadManyAsync<TResult>(
        this Contract contract,
        IEnumerable<ICall<TResult>> calls,
        BlockReference block = default,
        CancellationToken cancellation = default)
        where TResult : class, IFunctionOutputDTO, new()
    {
        FunctionMessage[] messages = [.. calls.Select(MessageOf)];
        CallRequest[] requests = [.. messages.Select(message => contract.Request(default, message))];
        IReadOnlyList<CallOutcome> outcomes = await contract.Node
            .CallManyAsync(requests, block, cancellation)
            .ConfigureAwait(false);
        return
        [
            .. messages.Zip(
                outcomes, (message, outcome) => Decode<TResult>(contract, message, outcome)),
        ];
    }

    /// <summary>A call or transaction of this contract's function, to be made by anyone.</summary>
    /// <param name="contract">The contract to call.</param>
    /// <param name="from">Who calls.</param>
    /// <param name="call">The function and its arguments.</param>
    /// <param name="value">Wei sent along.</param>
    public static CallRequest Request(
        this Contract contract, Address from, FunctionMessage call, BigInteger value = default) =>
        new() { From = from, To = contract.Address, Data = ContractCodec.EncodeCall(call), Value = value };

    /// <summary>
    /// The data of the transaction that creates a contract. Throws <see cref="ChainException"/> when it
    /// cannot be created, or not with these arguments.
    /// </summary>
    /// <param name="artifact">The compiled contract.</param>
    /// <param name="constructor">
    /// The constructor's arguments, of the generated type of this very contract; null for none.
    /// </param>
    public static byte[] EncodeDeployment(this ContractArtifact artifact, object? constructor) =>
        constructor is null
            ? artifact.CreationCode([])
            : constructor.GetType().DeclaringType?.Name == artifact.Name
                ? artifact.CreationCode(ContractCodec.EncodeArguments(constructor))
                : throw new ArgumentException(
                    $"The constructor's arguments are not those of {artifact.Name}.", nameof(constructor));

    /// <summary>The call as Nethereum encodes it.</summary>
    internal static FunctionMessage MessageOf<TResult>(ICall<TResult> call)
        where TResult : class, IFunctionOutputDTO, new() =>
        call as FunctionMessage
            ?? throw new ArgumentException("A call must be one of the generated functions.", nameof(call));

    private static TResult Decode<TResult>(Contract contract, FunctionMessage call, CallOutcome outcome)
        where TResult : class, IFunctionOutputDTO, new()
    {
        string name = ContractCodec.NameOf(call);
        return ContractCodec.DecodeResult<TResult>(outcome.Require($"{contract.Name}.{name}"));
    }
}
