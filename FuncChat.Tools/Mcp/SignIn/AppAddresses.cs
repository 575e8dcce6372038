namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>The addresses of this app that a sign-in uses.</summary>
/// <param name="Redirect">Where the authorization server sends the browser back to.</param>
/// <param name="ClientMetadata">The document that describes the app as a client (an OAuth client ID metadata document).</param>
/// <param name="Page">The origin of the page that the user continues on.</param>
public sealed record AppAddresses(Uri Redirect, Uri ClientMetadata, string Page);
