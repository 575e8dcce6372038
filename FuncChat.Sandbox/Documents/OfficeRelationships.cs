using System.IO.Packaging;

namespace FuncChat.Sandbox.Documents;

/// <summary>The relationships of a package to its parts.</summary>
internal static class OfficeRelationships
{
    /// <summary>Removes the relationships to parts that are missing: because of one, the library refuses the whole package.</summary>
    public static void RemoveDangling(Package package)
    {
        foreach (var relationship in package.GetRelationships().Where(each => IsDangling(package, each)).ToList())
            package.DeleteRelationship(relationship.Id);
        foreach (var part in package.GetParts().Where(part => !PackUriHelper.IsRelationshipPartUri(part.Uri)).ToList())
        {
            foreach (var relationship in part.GetRelationships().Where(each => IsDangling(package, each)).ToList())
                part.DeleteRelationship(relationship.Id);
        }
    }

    // Links within a document have a fragment alone.
    private static bool IsDangling(Package package, PackageRelationship relationship)
    {
        if (relationship.TargetMode is not TargetMode.Internal || relationship.TargetUri.OriginalString.StartsWith('#'))
            return false;
        try
        {
            return !package.PartExists(PackUriHelper.ResolvePartUri(relationship.SourceUri, relationship.TargetUri));
        }
        catch (ArgumentException)
        {
            return true; // No part can have this name.
        }
    }
}
