using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Where nobody has to sign in, and nothing says that anybody may, the server is for the machine that it runs on alone.</summary>
public sealed class LoopbackOnlyPolicy
{
    private readonly IOptions<AuthSettings> _settings;

    internal LoopbackOnlyPolicy(IOptions<AuthSettings> settings) => _settings = settings;

    /// <summary>To be called for each address before a server listens on it.</summary>
    /// <exception cref="OptionsValidationException">Others could reach the server there, and nothing is set that says who may use it.</exception>
    public void Check(IPEndPoint? address)
    {
        if (!_settings.Value.LoopbackOnly || address is null || IPAddress.IsLoopback(address.Address))
            return;
        throw new OptionsValidationException(nameof(AuthSettings), typeof(AuthSettings),
        [
            $"FuncChat__Auth__AllowAnonymous is not true, and no sign-in and no API key is set, so the server does not listen on {address}, where others "
            + "could reach it. Listen on 127.0.0.1; or set who may use it (GOOGLE_CLIENT_ID with ALLOWED_EMAILS, see docs/configuration.md); or let in "
            + "anybody with FuncChat__Auth__AllowAnonymous=true.",
        ]);
    }

    /// <summary>
    /// Whether the request comes from this machine, by a name of this machine: a page elsewhere may have its own name point here. What a proxy on
    /// this machine passes on says where it is from.
    /// </summary>
    internal static bool IsMet(HttpContext http)
    {
        var headers = http.Request.Headers;
        return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && IsThisMachine(http.Request.Host.Host)
            && headers["X-Forwarded-For"].SelectMany(Addresses).All(IsThisMachine)
            && headers["X-Forwarded-Host"].SelectMany(Addresses).All(IsThisMachine)
            && headers["Forwarded"].Count == 0;
    }

    private static IEnumerable<string> Addresses(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries);

    private static bool IsThisMachine(string host)
    {
        if (IPAddress.TryParse(host, out var bare))
            return IPAddress.IsLoopback(bare);
        var name = new HostString(host).Host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
