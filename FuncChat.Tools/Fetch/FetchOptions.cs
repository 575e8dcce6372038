using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Tools.Fetch;

/// <summary>What tools may reach on the web. Bound from `FuncChat:Web`.</summary>
internal sealed record FetchOptions
{
    public const string Section = "FuncChat:Web";

    /// <summary>
    /// Hosts on private networks that tools may fetch anyway, each as host:port. Empty by default. A list
    /// (`FuncChat__Web__AllowedPrivateHosts__0`), or one text separated by commas.
    /// </summary>
    [HostsAndPorts]
    [Example("localhost:8888")]
    public IReadOnlyList<string> AllowedPrivateHosts { get; set; } = [];

    public IReadOnlySet<HostAndPort> ParseAllowedPrivateHosts() =>
        AllowedPrivateHosts.Select(text => HostAndPort.TryParse(text, out var host) ? host.Value : default).ToHashSet();

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class HostsAndPortsAttribute() : ValidationAttribute("must be host:port entries separated by commas")
    {
        public override bool IsValid(object? value) => value is IReadOnlyList<string> hosts && hosts.All(text => HostAndPort.TryParse(text, out _));
    }
}
