using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp;

/// <summary>Finds settings of MCP servers that have no effect because of another one, such as a scope with <see cref="McpAuth.User"/>.</summary>
internal static class IneffectiveMcpSettings
{
    private static readonly string[] OfAddresses = ["Transport", "Headers", "Auth", "Scope", "TokenUrl", "Issuer", "ClientId", "ClientSecret"];
    private static readonly string[] OfProcesses = ["Args", "Env", "WorkingDirectory"];

    /// <summary>The settings of the server, each with the reason why it has no effect.</summary>
    public static IEnumerable<(string Key, string Reason)> Find(McpServerSettings server, IConfiguration configuration)
    {
        var reader = new SettingReader(configuration);
        return Candidates(server).Select(each => (Key: $"{McpServerReader.Root}:{server.Name}:{each.Setting}", each.Reason)).Where(each => reader.IsSet(each.Key));
    }

    private static IEnumerable<(string Setting, string Reason)> Candidates(McpServerSettings server)
    {
        if (server.Process is not null)
            return OfAddresses.Select(setting => (setting, "the server is a process, and has no address"));
        var ofAuth = server.Auth switch
        {
            McpAuth.User => All("Auth=user sends the token that the user signed in with", "Scope", "TokenUrl", "Issuer", "ClientId", "ClientSecret"),
            McpAuth.Entra => All("Auth=entra sends a token of the app's own identity", "TokenUrl", "Issuer", "ClientId", "ClientSecret"),
            McpAuth.OAuth => All("Auth=oauth requests tokens from TokenUrl", "Issuer"),
            McpAuth.None when server.HasCredentials => All("the configured headers are sent. To have users sign in, remove them", "Scope", "TokenUrl", "Issuer", "ClientId", "ClientSecret"),
            _ => All("the server names its authorization server. TokenUrl is for Auth=oauth", "TokenUrl").Concat(server.ClientId is null ? All("ClientId is not set", "ClientSecret") : []),
        };
        return OfProcesses.Select(setting => (setting, "the server has an address, and is no process")).Concat(ofAuth);
    }

    private static IEnumerable<(string Setting, string Reason)> All(string reason, params string[] settings) => settings.Select(setting => (setting, reason));
}
