using System.Text.Json.Serialization;
using FuncChat.Tools.Mcp.SignIn;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Mcp;

/// <summary>
/// Describes the app to the authorization servers of MCP servers (draft-ietf-oauth-client-id-metadata-document): the document's address is the `client_id`, so
/// the app need not register.
/// </summary>
internal static class ClientMetadata
{
    public static IResult Describe(HttpContext http)
    {
        if (AddressesOf(http, "") is not { } app)
            return new ProblemResult(RequestEdge.BadHost);
        var document = new ClientMetadataDocument(
            app.ClientMetadata.AbsoluteUri, McpSignIns.AppName, new Uri(app.Redirect, "/").AbsoluteUri, [app.Redirect.AbsoluteUri], ["authorization_code", "refresh_token"], ["code"], "none");
        return TypedResults.Json(document, WebJson.Relaxed.ClientMetadataDocument);
    }

    /// <summary>The app's addresses for a sign-in; null if the `Host` header is not valid.</summary>
    public static AppAddresses? AddressesOf(HttpContext http, string page) =>
        Uri.TryCreate($"{ProtectedResource.OriginOf(http)}/api/", UriKind.Absolute, out var api)
            ? new AppAddresses(new Uri(api, ApiPaths.McpCallback), new Uri(api, ApiPaths.McpClient), page)
            : null;
}

internal sealed record ClientMetadataDocument(
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("client_name")] string ClientName,
    [property: JsonPropertyName("client_uri")] string ClientUri,
    [property: JsonPropertyName("redirect_uris")] IReadOnlyList<string> RedirectUris,
    [property: JsonPropertyName("grant_types")] IReadOnlyList<string> GrantTypes,
    [property: JsonPropertyName("response_types")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("token_endpoint_auth_method")] string TokenEndpointAuthMethod);
