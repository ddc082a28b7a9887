using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using RpcError = Nethereum.JsonRpc.Client.RpcMessages.RpcError;

namespace Culverin.Harness.Rpc;

/// <summary>
/// The strict client as Nethereum's <see cref="IClient"/>, so that a Web3 over it asks with the same limits,
/// retries and checks as the rest of the harness: Nethereum's own transport accepts a wrong id, a key twice,
/// an answer without a result, a batch answered too short and a body of any size. What the strict
/// client refuses throws <see cref="ChainException"/>; an error object throws Nethereum's exception. May be
/// used from several threads at once.
/// </summary>
/// <param name="rpc">The strict client, which stays the caller's.</param>
public sealed class NethereumClient(JsonRpcClient rpc) : ClientBase
{
    // How Nethereum writes parameters, and reads results but for numbers.
    private static readonly JsonSerializerSettings Settings = StrictSettings();

    // The result is one number as the specification of the execution API writes it.
    private static readonly string[] QuantityMethods =
    [
        "eth_blobBaseFee", "eth_blockNumber", "eth_chainId", "eth_estimateGas", "eth_gasPrice",
        "eth_getBalance", "eth_getTransactionCount", "eth_maxPriorityFeePerGas",
    ];

    /// <summary>One call; its error object is part of what is returned.</summary>
    public override async Task<RpcResponseMessage> SendAsync(
        RpcRequestMessage rpcRequestMessage, string? route = null) =>
        (await SendAsync([rpcRequestMessage]).ConfigureAwait(false))[0];

    /// <summary>
    /// The result as one of Nethereum's types. Throws <see cref="ChainException"/> when it is none.
    /// </summary>
    public override T DecodeResult<T>(RpcResponseMessage rpcResponseMessage)
    {
        try
        {
            return rpcResponseMessage.GetResult<T>(true, Settings);
        }
        catch (Exception error) when (error is not (ChainException or OutOfMemoryException))
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"The node's answer is no {typeof(T).Name}.", error);
        }
    }

    /// <inheritdoc/>
    protected override async Task<RpcResponseMessage[]> SendAsync(RpcRequestMessage[] requests)
    {
        JsonRpcRequest[] asked = [.. requests.Select(RequestOf)];
        JsonRpcAnswer[] answers = asked.Length == 1
            ? [await AskAsync(asked[0]).ConfigureAwait(false)]
            : [.. await rpc.BatchAsync(asked).ConfigureAwait(false)];
        return [.. requests.Zip(answers, ResponseOf)];
    }

    private async Task<JsonRpcAnswer> AskAsync(JsonRpcRequest request)
    {
        try
        {
            return new JsonRpcAnswer(
                request.Method, await rpc.CallAsync(request).ConfigureAwait(false), null);
        }
        catch (JsonRpcException error)
        {
            return new JsonRpcAnswer(request.Method, default, error.Error);
        }
    }

    private static JsonRpcRequest RequestOf(RpcRequestMessage request)
    {
        object?[] parameters = request.RawParameters switch
        {
            null => [],
            object?[] list => list,
            _ => throw new ChainException(
                ChainFailure.Encoding, $"The parameters of {request.Method} are not in a list."),
        };
        string[] texts = [.. parameters.Select(each => JsonConvert.SerializeObject(each, Settings))];
        return new JsonRpcRequest(request.Method, writer =>
        {
            foreach (string text in texts)
            {
                writer.WriteRawValue(text);
            }
        });
    }

    private static RpcResponseMessage ResponseOf(RpcRequestMessage request, JsonRpcAnswer answer)
    {
        if (answer.Error is { } error)
        {
            int code = (int)Math.Clamp(error.Code, int.MinValue, int.MaxValue);
            object? data = error.Data is { } bytes ? Hex.Format(bytes) : error.RawData;
            return new RpcResponseMessage(
                request.Id, new RpcError { Code = code, Message = error.Message, Data = data });
        }

        if (QuantityMethods.Contains(request.Method))
        {
            _ = Hex.ReadLargeQuantity(answer.Result);
        }

        using JsonTextReader reader = new(new System.IO.StringReader(answer.Result.GetRawText()))
        {
            DateParseHandling = DateParseHandling.None,
        };
        return new RpcResponseMessage(request.Id, (object)JToken.ReadFrom(reader));
    }

    private static JsonSerializerSettings StrictSettings()
    {
        JsonSerializerSettings settings =
            DefaultJsonSerializerSettingsFactory.BuildDefaultJsonSerializerSettings();
        settings.ContractResolver = new StrictNumbers();
        return settings;
    }
}
