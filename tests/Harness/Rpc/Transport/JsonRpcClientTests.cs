using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Rpc.Transport;

public sealed class JsonRpcClientTests
{
    private static readonly JsonRpcRequest Request = JsonRpcRequest.Create("eth_chainId");

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"0x1\"")]
    [InlineData("{}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x1\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":\"0x1\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"result\":\"0x1\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"result\":\"0x1\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"x\"}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":7}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":9,\"error\":{\"code\":1,\"message\":\"of another call\"}}")]
    public async Task A_wrong_answer_is_a_typed_error(string body)
    {
        using ScriptedServer server = ScriptedServer.Answering(body);
        using JsonRpcClient client = new(server.Endpoint);
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
        Assert.Equal(1, server.RequestCount);
    }

    [Fact]
    public async Task Deeply_nested_json_is_refused()
    {
        string nest = string.Concat(Enumerable.Repeat("[", 100_000));
        using ScriptedServer server = ScriptedServer.Answering(nest);
        using JsonRpcClient client = new(server.Endpoint);
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
    }

    [Theory]
    [InlineData("1", "no\\u001b", "200 OK")]
    [InlineData("null", "no ", "400 Bad Request")]
    public async Task An_error_object_arrives_with_code_message_and_data(
        string id, string message, string status)
    {
        string errorObject = $"{{\"code\":3,\"message\":\"{message}\",\"data\":\"0x0102\"}}";
        string body = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{errorObject}}}";
        using ScriptedServer server = ScriptedServer.Answering(body, status);
        using JsonRpcClient client = new(server.Endpoint);
        JsonRpcException error = await Assert.ThrowsAsync<JsonRpcException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.ErrorAnswer, error.Failure);
        Assert.Equal(3, error.Error.Code);
        Assert.Equal("no ", error.Error.Message);
        Assert.Equal([1, 2], error.Error.Data);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("302 Found")]
    [InlineData("413 Payload Too Large")]
    public async Task A_bad_status_is_a_typed_error(string status)
    {
        using ScriptedServer server = ScriptedServer.Answering("<html>", status);
        using JsonRpcClient client = new(server.Endpoint);
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
        Assert.Contains(status[..3], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_cut()
    {
        using var server = ScriptedServer.Endless();
        using JsonRpcClient client = new(server.Endpoint, new JsonRpcOptions { AnswerBytesMax = 1 << 20 });
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.AnswerTooLarge, error.Failure);
    }

    [Fact]
    public async Task A_silent_server_meets_the_deadline()
    {
        using CancellationTokenSource end = new();
        using ScriptedServer server = new((_, _) => Task.Delay(Timeout.Infinite, end.Token));
        using JsonRpcClient client = new(
            server.Endpoint, new JsonRpcOptions { Deadline = TimeSpan.FromMilliseconds(200) });
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.Deadline, error.Failure);
        await end.CancelAsync();
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        using CancellationTokenSource end = new();
        using ScriptedServer server = new((_, _) => Task.Delay(Timeout.Infinite, end.Token));
        using JsonRpcClient client = new(server.Endpoint);
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.CallAsync(Request, cancel.Token));
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_question_whose_answer_is_lost_is_asked_again_but_not_without_end()
    {
        int breakCount = 2;
        using ScriptedServer server = new((_, stream) => Interlocked.Decrement(ref breakCount) >= 0
            ? Task.CompletedTask
            : ScriptedServer.WriteAsync(stream, """{"jsonrpc":"2.0","id":1,"result":"0x7"}"""));
        JsonRpcOptions quick = new() { ConnectionRetryDelay = TimeSpan.FromMilliseconds(1) };
        using JsonRpcClient client = new(server.Endpoint, quick);
        Assert.Equal("0x7", (await client.CallAsync(Request)).GetString());
        Assert.Equal(3, server.RequestCount);
        breakCount = int.MaxValue;
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => client.BatchAsync([Request, JsonRpcRequest.Create("eth_getBalance")]));
        Assert.Equal(ChainFailure.Unreachable, error.Failure);
        Assert.Equal(6, server.RequestCount);
        await Assert.ThrowsAsync<ChainException>(
            () => client.BatchAsync([Request, JsonRpcRequest.Create("evm_mine")]));
        Assert.Equal(7, server.RequestCount);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_request_is_not_tried_again()
    {
        using ScriptedServer server = new((_, stream) =>
            stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"u8.ToArray()).AsTask());
        using JsonRpcClient client = new(server.Endpoint);
        JsonRpcRequest request = JsonRpcRequest.Create("eth_sendRawTransaction", "0x");
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(request));
        Assert.Equal(ChainFailure.Unreachable, error.Failure);
        Assert.Equal(1, server.RequestCount);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable_after_the_retries()
    {
        using Socket closed = BoundSocket();
        using JsonRpcClient client = new(
            EndpointOf(closed), new JsonRpcOptions { ConnectionRetryDelay = TimeSpan.FromMilliseconds(1) });
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(ChainFailure.Unreachable, error.Failure);
    }

    [Fact]
    public async Task A_server_that_comes_up_late_is_reached_by_a_retry()
    {
        using Socket late = BoundSocket();
        JsonRpcOptions options = new()
        {
            ConnectionRetryCount = 14,
            ConnectionRetryDelay = TimeSpan.FromMilliseconds(1),
        };
        using JsonRpcClient client = new(EndpointOf(late), options);
        Task<JsonElement> call = client.CallAsync(Request);
        await Task.Delay(60);
        Assert.False(call.IsCompleted);
        late.Listen();
        using NetworkStream connection = new(await late.AcceptAsync(), ownsSocket: true);
        byte[] buffer = new byte[4096];
        Assert.NotEqual(0, await connection.ReadAsync(buffer));
        await ScriptedServer.WriteAsync(
            connection, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
        Assert.Equal("0x1", (await call).GetString());
    }

    [Fact]
    public async Task A_batch_is_cut_and_its_answers_are_put_in_order()
    {
        using ScriptedServer server = new((body, stream) =>
        {
            // Answers in reverse order, each with its own id as the result.
            IEnumerable<string> answers = JsonElement.Parse(body).EnumerateArray().Reverse()
                .Select(call => call.GetProperty("id").GetInt64())
                .Select(id => $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{id}}}");
            return ScriptedServer.WriteAsync(stream, "[" + string.Join(",", answers) + "]");
        });
        using JsonRpcClient client = new(server.Endpoint, new JsonRpcOptions { BatchCountMax = 4 });
        IReadOnlyList<JsonRpcAnswer> answers = await client.BatchAsync([.. Enumerable.Repeat(Request, 10)]);
        Assert.Equal(Enumerable.Range(1, 10), answers.Select(answer => answer.Require().GetInt32()));
        Assert.Equal(3, server.RequestCount);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("[{\"id\":1,\"result\":1}]")]
    [InlineData("[{\"id\":1,\"result\":1},{\"id\":1,\"result\":1}]")]
    [InlineData("[{\"id\":1,\"result\":1},{\"id\":3,\"result\":1}]")]
    [InlineData("[{\"id\":1,\"result\":1},{\"result\":1}]")]
    [InlineData("[{\"id\":1,\"result\":1},7]")]
    [InlineData("[{\"id\":1,\"result\":1},{\"id\":2}]")]
    [InlineData("[{\"id\":1,\"result\":1},{\"id\":-9223372036854775808,\"result\":1}]")]
    [InlineData("{\"id\":1,\"result\":1}")]
    public async Task A_wrong_batch_answer_is_a_typed_error(string body)
    {
        using ScriptedServer server = ScriptedServer.Answering(body);
        using JsonRpcClient client = new(server.Endpoint);
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => client.BatchAsync([Request, Request]));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
    }

    [Fact]
    public async Task A_batch_may_be_refused_as_a_whole()
    {
        using ScriptedServer server = ScriptedServer.Answering(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"too many\"}}");
        using JsonRpcClient client = new(server.Endpoint);
        JsonRpcException error = await Assert.ThrowsAsync<JsonRpcException>(
            () => client.BatchAsync([Request, Request]));
        Assert.Equal(-32600, error.Error.Code);
    }

    [Fact]
    public async Task Mutated_answers_never_crash_the_client()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[] good = Encoding.UTF8.GetBytes(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"0x00\"}},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":3,\"message\":\"m\",\"data\":\"0x01\"}}]");
        string body = "";
        using ScriptedServer server = new((_, stream) => ScriptedServer.WriteAsync(stream, body));
        for (int round = 0; round < 1_000; round++)
        {
            byte[] bytes = [.. good];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            body = Encoding.UTF8.GetString(bytes);
            using JsonRpcClient client = new(server.Endpoint);
            try
            {
                _ = await client.BatchAsync([Request, Request]);
            }
            catch (ChainException)
            {
                // Refused, as most are.
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, round {round}, {body}: {error}");
            }
        }
    }

    // Keeps a port without listening at it: whoever connects is refused.
    private static Socket BoundSocket()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static Uri EndpointOf(Socket socket) => new($"http://{socket.LocalEndPoint}/");
}
