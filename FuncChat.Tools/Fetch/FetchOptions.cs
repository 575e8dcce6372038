using System.ComponentModel.DataAnnotations;

namespace FuncChat.Tools.Fetch;

/// <summary>What the tools may reach on the web: the section `FuncChat:Web`.</summary>
internal sealed record FetchOptions : IValidatableObject
{
    public const string Section = "FuncChat:Web";

    /// <summary>
    /// Hosts on private networks that may be fetched all the same, each as host:port. Empty unless a test or a trusted
    /// internal site needs it. As a setting either a list (`FuncChat__Web__AllowedPrivateHosts__0`) or one text, parted by commas.
    /// </summary>
    public IReadOnlyList<string> AllowedPrivateHosts { get; set; } = [];

    public IReadOnlySet<HostAndPort> ParseAllowedPrivateHosts() =>
        AllowedPrivateHosts.Select(text => HostAndPort.TryParse(text, out var host) ? host.Value : default).ToHashSet();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from text in AllowedPrivateHosts
        where !HostAndPort.TryParse(text, out _)
        select new ValidationResult(
            $"FuncChat__Web__AllowedPrivateHosts must hold host:port entries, such as localhost:8888; '{text}' is none.",
            [nameof(AllowedPrivateHosts)]);
}
