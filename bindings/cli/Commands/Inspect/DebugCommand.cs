using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Files.Streams;
using Culverin.Inspect.Debug;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>`debug`: lets gdb walk to and fro in a trace.</summary>
internal sealed class DebugCommand : RunningVerb
{
    private readonly Option<string> _at;
    private readonly Option<string> _port;
    private readonly TraceSource _source;

    public DebugCommand(Log log, Interruption interruption)
        : this(
            log,
            interruption,
            Flag.Text("--at", "STEP", "step to begin at", "0"),
            Flag.Text(
                "--port",
                "PORT",
                "port of 127.0.0.1 to wait for one gdb at, 0 for any that is free; if not given, gdb speaks "
                    + "over standard input and output (target remote | culverin debug ...)"),
            new TraceSource())
    {
    }

    private DebugCommand(
        Log log, Interruption interruption, Option<string> at, Option<string> port, TraceSource source)
        : base(log, interruption, "debug", "let gdb walk to and fro in a trace", [at, port, .. source.All])
    {
        _at = at;
        _port = port;
        _source = source;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        ulong step = flags.NumberOf(_at, ulong.MaxValue);
        int? port = flags.IsGiven(_port) ? (int)flags.NumberOf(_port, ushort.MaxValue) : null;
        try
        {
            using OpenedTrace trace = _source.Open(flags, serverCommand, Interruption, Log);
            var session = new DebugSession(trace.Index, trace.Symbols, step, Interruption.Token);
            using GdbConnection connection = port is { } number
                ? Accept(number)
                : new GdbConnection(StandardStreams.OpenInput(), StandardStreams.Output);
            using CancellationTokenRegistration ending = Interruption.Token.UnsafeRegister(
                static state => ((GdbConnection)state!).Dispose(), connection);
            using var server = new GdbServer(session, connection, Interruption.Token);
            server.Serve();
            return Interruption.Token.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Success;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            return ExitCodes.Interrupted;
        }
    }

    // One gdb, from this machine only.
    private GdbConnection Accept(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start(1);
            int bound = ((IPEndPoint)listener.LocalEndpoint).Port;
            string target = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{bound}");
            Log.Info("Waiting for gdb", ("module", "debug"), ("target", target));
            TcpClient client =
                listener.AcceptTcpClientAsync(Interruption.Token).AsTask().GetAwaiter().GetResult();
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            return new GdbConnection(stream, stream);
        }
        catch (OperationCanceledException)
        {
            throw new CulverinException(ErrorCode.Cancelled, "No gdb came.");
        }
        catch (SocketException error)
        {
            throw new CulverinException(
                ErrorCode.HostResource, $"Port {port} of 127.0.0.1 cannot be used: {error.Message}", error);
        }
    }
}
