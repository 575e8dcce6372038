using System.Net;
using System.Net.Sockets;
using FuncChat.Azure;
using FuncChat.Engine.Store;
using FuncChat.Web.Auth;

namespace FuncChat.Local;

/// <summary>Checks addresses, log levels and the data folder before the start, which would fail with a stack trace.</summary>
internal static class StartChecks
{
    private const string Urls = "--urls";
    private const string GoodUrl = "http://127.0.0.1:7071";

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The server can't listen there, or can't write turns.</exception>
    public static void CheckStart(this WebApplication app)
    {
        DescriptorLimit.Check();
        app.CheckAddresses();
        if (!AzureServices.KeepsTurns(app.Configuration))
            CheckDataFolder(DataFolder.Of(app.Configuration), isSet: !string.IsNullOrEmpty(app.Configuration[DataFolder.Setting]));
    }

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The server can't listen there.</exception>
    public static void CheckAddresses(this WebApplication app)
    {
        var policy = app.Services.GetRequiredService<LoopbackOnlyPolicy>();
        foreach (var (setting, url) in AddressesOf(app.Configuration))
            CheckUrl(setting, url, policy);
    }

    /// <summary>Checks the levels of the log, which fail when the first logger is created.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A level does not exist.</exception>
    public static void CheckLogLevels(this IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging");
        var levels = logging.GetChildren().SelectMany(provider => provider.GetSection("LogLevel").GetChildren()).Concat(logging.GetSection("LogLevel").GetChildren());
        if (levels.FirstOrDefault(level => level.Value is { Length: > 0 } value && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _)) is { } wrong)
            throw StartError.Of(wrong.Path, $"must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}", nameof(LogLevel.Warning));
    }

    // Where endpoints are configured, the server listens on no other address. One without an address is the server's to report.
    private static IEnumerable<(string Setting, string Url)> AddressesOf(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        return endpoints.Count > 0
            ? endpoints.Select(endpoint => endpoint.GetSection("Url")).Where(url => url.Value is { Length: > 0 }).Select(url => (url.Path, url.Value!))
            : configuration[WebHostDefaults.ServerUrlsKey]!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => (Urls, url));
    }

    private static void CheckUrl(string setting, string url, LoopbackOnlyPolicy policy)
    {
        var example = setting == Urls ? $"{Urls} {GoodUrl}" : GoodUrl;
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw StartError.Of(setting, "is not an address to listen on", example);
        }

        if (address.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            throw StartError.Of(setting, $"names a port that does not exist: {address.Port}", example);
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
            throw setting == Urls
                ? StartError.Of("--port", $"{address.Port} is in use by another program", $"--port {address.Port + 1}")
                : StartError.Of(setting, $"names the port {address.Port}, which is in use by another program", $"http://127.0.0.1:{address.Port + 1}");
        }
        catch (SocketException denied)
        {
            throw StartError.Of(setting, $"names an address that this machine can't listen on ({denied.SocketErrorCode})", example);
        }
    }

    // As Kestrel: a name other than localhost, such as *, is every address.
    private static IPEndPoint? EndPointOf(BindingAddress address) =>
        string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? new(IPAddress.Loopback, address.Port)
        : IPAddress.TryParse(address.Host, out var ip) ? new(ip, address.Port)
        : new(IPAddress.IPv6Any, address.Port);

    private static void CheckDataFolder(string path, bool isSet)
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
            throw StartError.Of(
                DataFolder.Setting, isSet ? "is not a folder that the server can write to" : $"is not set, and the server can't write to {path} in the working folder", "/var/lib/funcchat");
        }
    }
}
