using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Culverin.Harness.Tests.Rpc.Transport;

/// <summary>A server on a free loopback port that takes connections until it is disposed.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    private protected LoopbackServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    internal static async Task WriteAsync(NetworkStream stream, string body, string status = "200 OK")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string head = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}\r\n"
            + "Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(bytes);
    }

    /// <summary>Reads a request from a connection, and answers.</summary>
    private protected abstract Task AnswerAsync(NetworkStream stream, CancellationToken stop);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using TcpClient owned = client;
            await AnswerAsync(client.GetStream(), _stop.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client gave up first, as it should in some tests, or the test is over.
        }
    }
}
