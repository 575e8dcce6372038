using System.Net;
using System.Net.Sockets;
using FuncChat.Web.Auth;

namespace FuncChat.Local;

/// <summary>Checks addresses, log levels and the data folder before the start, which would fail with a stack trace.</summary>
internal static class StartChecks
{
    private const string DataPath = "FuncChat:DataPath";

    // Turns are in blobs then.
    private static readonly string[] BlobSettings = ["FuncChat:TurnLog:BlobServiceUri", "FuncChat:TurnLog:ConnectionString"];

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The server can't listen there, or can't write turns.</exception>
    public static void CheckStart(this WebApplication app)
    {
        var policy = app.Services.GetRequiredService<LoopbackOnlyPolicy>();
        foreach (var url in app.Configuration[WebHostDefaults.ServerUrlsKey]!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            CheckUrl(url, policy);
        if (!BlobSettings.Any(name => !string.IsNullOrEmpty(app.Configuration[name])))
            CheckDataFolder(app.Configuration[DataPath] is { Length: > 0 } path ? path : ".funcchat");
    }

    /// <summary>Checks the levels of the log, which fail when the first logger is created.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A level does not exist.</exception>
    public static void CheckLogLevels(this IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging");
        var levels = logging.GetChildren().SelectMany(provider => provider.GetSection("LogLevel").GetChildren()).Concat(logging.GetSection("LogLevel").GetChildren());
        if (levels.FirstOrDefault(level => level.Value is { Length: > 0 } value && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _)) is { } wrong)
            throw CommandLine.Wrong(wrong.Path, $"must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}", nameof(LogLevel.Warning));
    }

    private static void CheckUrl(string url, LoopbackOnlyPolicy policy)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw CommandLine.Wrong("--urls", "is not an address to listen on", "--urls http://127.0.0.1:7071");
        }

        if (address.IsUnixPipe || address.IsNamedPipe || EndPointOf(address) is not { } endPoint)
            return;
        policy.Check(endPoint);
        if (address.Port == 0)
            return;
        try
        {
            using var listener = new TcpListener(endPoint);
            listener.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw CommandLine.Wrong("--port", $"{address.Port} is in use by another program", $"--port {address.Port + 1}");
        }
        catch (SocketException denied)
        {
            throw CommandLine.Wrong("--urls", $"names an address that this machine can't listen on ({denied.SocketErrorCode})", "--urls http://127.0.0.1:7071");
        }
    }

    // As Kestrel: a name other than localhost, such as *, is every address.
    private static IPEndPoint? EndPointOf(BindingAddress address) =>
        string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? new(IPAddress.Loopback, address.Port)
        : IPAddress.TryParse(address.Host, out var ip) ? new(ip, address.Port)
        : new(IPAddress.IPv6Any, address.Port);

    private static void CheckDataFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            using var probe = new FileStream(
                Path.Combine(path, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(1);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CommandLine.Wrong(DataPath, "is not a folder that the server can write to", "/var/lib/funcchat");
        }
    }
}
