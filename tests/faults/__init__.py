"""What harms an archiver, tried over and over: kills, full disks, hostile servers, forged addresses, noise."""
