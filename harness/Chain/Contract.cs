using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Chain;

/// <summary>
/// A contract on a chain: its address, its ABI and the node to ask. Values go in as a list:
/// <c>factory.ReadAsync("gameAtIndex", [5])</c>. May be used from several threads at once.
/// </summary>
/// <param name="Name">The contract's name, for messages.</param>
/// <param name="Node">The node of its chain.</param>
/// <param name="Address">Its address; the proxy's when it has one.</param>
/// <param name="Abi">Its functions, events and errors.</param>
public sealed record Contract(string Name, EthereumNode Node, Address Address, ContractAbi Abi)
{
    /// <summary>The same kind of contract at another address.</summary>
    public Contract At(Address address) => this with { Address = address };

    /// <summary>A call or transaction of this contract's function, to be made by anyone.</summary>
    public CallRequest Request(
        Address from, string function, AbiValue[] arguments, BigInteger value = default) =>
        new() { From = from, To = Address, Data = Encode(function, arguments), Value = value };

    /// <summary>The calldata of a call of this function.</summary>
    public byte[] Encode(string function, AbiValue[] arguments) =>
        Abi.Function(function).Encode(arguments);

    /// <summary>
    /// Calls a function without a transaction, and decodes all its results. Throws <see
    /// cref="RevertedException"/> with the reason after a revert, else <see cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<AbiValue>> ReadAllAsync(
        string function,
        AbiValue[]? arguments = null,
        BlockReference block = default,
        CancellationToken cancellation = default)
    {
        AbiFunction called = Abi.Function(function);
        CallRequest request = new() { From = default, To = Address, Data = called.Encode(arguments ?? []) };
        CallOutcome outcome = await Node.CallAsync(request, block, cancellation).ConfigureAwait(false);
        return called.DecodeOutputs(outcome.Require($"{Name}.{called.Name}", Abi));
    }

    /// <summary>The same for a function with one result, or whose first is wanted.</summary>
    public async Task<AbiValue> ReadAsync(
        string function,
        AbiValue[]? arguments = null,
        BlockReference block = default,
        CancellationToken cancellation = default)
    {
        IReadOnlyList<AbiValue> values =
            await ReadAllAsync(function, arguments, block, cancellation).ConfigureAwait(false);
        return values.Count > 0
            ? values[0]
            : throw new ChainException(ChainFailure.Abi, $"{Name}.{function} has no results.");
    }

    /// <summary>The name and address.</summary>
    public override string ToString() => $"{Name} {Address}";
}
